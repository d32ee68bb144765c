package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known about the types of the built-in API: their shape, how patches merge them, and the OpenAPI documents that
 * describe them to clients. Everything is read from generated resources when first asked for. Thread safe.
 */
public final class Schemas {
    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final TypeCatalog types = new TypeCatalog();
    private final CustomTypes custom;

    public Schemas() {
        this(CustomTypes.none());
    }

    public Schemas(CustomTypes custom) {
        this.custom = custom;
    }

    /** The type of a kind, such as {@code apps/v1} {@code Deployment}; empty for kinds that are not built in. */
    public Optional<ObjectSchema> find(String apiVersion, String kind) {
        return custom.find(apiVersion, kind).or(() -> published(apiVersion, kind));
    }

    private Optional<ObjectSchema> published(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        return types.find(DefinitionNames.of(group, version, kind))
                .or(() -> types.find("io.k8s.apimachinery.pkg.apis.meta.v1." + kind));
    }

    /** The type behind the name of a definition, as {@link FieldType.ObjectOf} refers to it. */
    public Optional<ObjectSchema> definition(String name) {
        return name.startsWith(CustomTypes.PREFIX) ? custom.definition(name) : types.find(name);
    }

    /** Compares an object with the type that it says it is; an object of an unknown kind has no problems. */
    public SchemaReport check(ObjectNode object) {
        return typeOf(object)
                .map(schema -> new ShapeCheck(types).check(object, schema))
                .orElseGet(SchemaReport::clean);
    }

    /** Removes, in place, what a decode by Kubernetes would not keep: unknown fields and nulls. */
    public void prune(ObjectNode object) {
        custom.prune(object);
        typeOf(object).ifPresent(schema -> new Pruning(types).prune(object, schema));
    }

    /**
     * {@link #check} and {@link #prune} for the metadata alone, which every custom object and every resource inside one
     * has. What is empty in it goes, too.
     *
     * @param path of the metadata
     */
    public SchemaReport checkMetadata(ObjectNode resource, String path) {
        JsonNode given = resource.path("metadata");
        if (given.isMissingNode()) {
            return SchemaReport.clean();
        }
        if (given.isNull()) {
            resource.putObject("metadata");
            return SchemaReport.clean();
        }
        if (!(given instanceof ObjectNode metadata)) {
            return new SchemaReport(
                    List.of(), List.of(Mismatch.of(given, "v1.ObjectMeta").whole()));
        }
        ObjectSchema schema = types.find(OBJECT_META).orElseThrow();
        SchemaReport report = new ShapeCheck(types).check(metadata, schema, Place.apart(path));
        new Pruning(types).prune(metadata, schema);
        metadata.properties().removeIf(field -> saysNothing(field.getValue()));
        return report;
    }

    private static boolean saysNothing(JsonNode value) {
        return value.isContainerNode() && value.isEmpty()
                || value.isTextual() && value.textValue().isEmpty();
    }

    private Optional<ObjectSchema> typeOf(ObjectNode object) {
        return published(object.path("apiVersion").asText(), object.path("kind").asText());
    }

    /** The OpenAPI 3 documents: path below {@code /openapi/v3/}, such as {@code apis/apps/v1}, to the hash of each. */
    public Map<String, String> openApiV3Index() {
        Map<String, String> hashes = new TreeMap<>();
        JsonNode index = SchemaResources.json("openapi/index.json").orElseThrow();
        index.properties().forEach(entry -> {
            if (!entry.getKey().equals("v2")) {
                hashes.put(entry.getKey(), entry.getValue().asText());
            }
        });
        return hashes;
    }

    /** One OpenAPI 3 document by its path in the index; empty for any other path. */
    public Optional<OpenApiDocument> openApiV3(String path) {
        // The path comes from a URL: only what the index lists is ever opened.
        return Optional.ofNullable(openApiV3Index().get(path))
                .flatMap(hash -> SchemaResources.bytes("openapi/v3/" + path + ".json.gz")
                        .map(bytes -> new OpenApiDocument(bytes, hash)));
    }

    /** The OpenAPI 2 document of all groups. */
    public OpenApiDocument openApiV2() {
        String hash = SchemaResources.json("openapi/index.json")
                .orElseThrow()
                .path("v2")
                .asText();
        return new OpenApiDocument(SchemaResources.bytes("openapi/v2.json.gz").orElseThrow(), hash);
    }
}
