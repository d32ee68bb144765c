package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.schema.OpenApiDocument;
import dev.keelson.apiserver.schema.SchemaResources;
import dev.keelson.apiserver.schema.generate.CustomPaths;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The OpenAPI documents of custom kinds. They are made when somebody asks; the hash that announces them is made of what
 * decides them, not of their content, so that the index costs nothing.
 */
public final class CustomOpenApi {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ResourceRegistry registry;
    private volatile Merged merged = new Merged("", new SoftReference<>(null));

    /** The OpenAPI 2 document of all kinds, as of one state of the custom ones. */
    private record Merged(String hash, SoftReference<OpenApiDocument> document) {}

    public CustomOpenApi(ResourceRegistry registry) {
        this.registry = registry;
    }

    /**
     * Path below {@code /openapi/v3/} to the hash of the document, of built-in and custom kinds.
     *
     * @param builtIn the same of the built-in kinds alone
     */
    public Map<String, String> index(Map<String, String> builtIn) {
        Map<String, String> hashes = new TreeMap<>(builtIn);
        byPath().forEach((path, kinds) -> hashes.merge(path, hash(kinds, "v3"), (known, more) -> hash(kinds, known)));
        return hashes;
    }

    /** The document of one group and version: that of its built-in kinds, if there are any, with the custom ones put in. */
    public Optional<OpenApiDocument> v3(String path, Optional<OpenApiDocument> builtIn) {
        List<ResourceDefinition> kinds = byPath().getOrDefault(path, List.of());
        if (kinds.isEmpty()) {
            return builtIn;
        }
        ObjectNode document = document(kinds);
        builtIn.map(known -> Trees.parse(known.plain())).ifPresent(known -> {
            addMissing(document.withObject("/paths"), known.path("paths"));
            addMissing(document.withObject("/components/schemas"), known.at("/components/schemas"));
        });
        String salt = builtIn.map(OpenApiDocument::hash).orElse("v3");
        return Optional.of(OpenApiDocument.of(Trees.bytes(document), hash(kinds, salt)));
    }

    private static void addMissing(ObjectNode target, JsonNode source) {
        source.properties().forEach(entry -> target.putIfAbsent(entry.getKey(), entry.getValue()));
    }

    /** The OpenAPI 2 document of the built-in kinds with the custom ones put in. */
    public OpenApiDocument v2(OpenApiDocument builtIn) {
        List<ResourceDefinition> kinds = registry.custom();
        if (kinds.isEmpty()) {
            return builtIn;
        }
        String hash = hash(kinds, builtIn.hash());
        Merged known = merged;
        OpenApiDocument present = known.hash().equals(hash) ? known.document().get() : null;
        if (present != null) {
            return present;
        }
        OpenApiDocument fresh = OpenApiDocument.of(merge(builtIn.plain(), kinds), hash);
        merged = new Merged(hash, new SoftReference<>(fresh));
        return fresh;
    }

    private Map<String, List<ResourceDefinition>> byPath() {
        return registry.custom().stream()
                .collect(Collectors.groupingBy(kind -> "apis/" + kind.apiVersion(), TreeMap::new, Collectors.toList()));
    }

    private static ObjectNode document(List<ResourceDefinition> kinds) {
        ObjectNode document = JSON.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes CRD Swagger").put("version", "v0.1.0");
        document.set("paths", CustomPaths.v3(kinds, PublishedSchema::nameOf));
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        SchemaResources.document("apis/coordination.k8s.io/v1").path("components").path("schemas").properties().stream()
                .filter(entry -> entry.getKey().startsWith("io.k8s.apimachinery."))
                .forEach(entry -> schemas.set(entry.getKey(), entry.getValue()));
        ArrayNode deletes = ((ObjectNode) schemas.path("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"))
                .putArray("x-kubernetes-group-version-kind");
        deletes.addObject()
                .put("group", kinds.getFirst().group())
                .put("kind", "DeleteOptions")
                .put("version", kinds.getFirst().version());
        kinds.forEach(kind -> PublishedSchema.V3.addTo(schemas, kind));
        return document;
    }

    /** Puts text into the document's text: it is too large to be taken apart for every new definition. */
    private static byte[] merge(byte[] builtIn, List<ResourceDefinition> kinds) {
        ObjectNode schemas = JSON.objectNode();
        kinds.forEach(kind -> PublishedSchema.V2.addTo(schemas, kind));
        String text = new String(builtIn, StandardCharsets.UTF_8);
        String withPaths = inserted(text, "\"paths\":{", CustomPaths.v2(kinds, PublishedSchema::nameOf));
        return inserted(withPaths, "\"definitions\":{", schemas).getBytes(StandardCharsets.UTF_8);
    }

    private static String inserted(String text, String opening, ObjectNode members) {
        int at = text.indexOf(opening) + opening.length();
        String json = members.toString();
        return text.substring(0, at) + json.substring(1, json.length() - 1) + "," + text.substring(at);
    }

    private static String hash(List<ResourceDefinition> kinds, String salt) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt.getBytes(StandardCharsets.UTF_8));
            for (ResourceDefinition kind : kinds) {
                String stamp = ((CustomStrategy) kind.strategy()).version().stamp();
                String said = String.join(
                        "|",
                        kind.apiVersion(),
                        kind.kind(),
                        kind.plural(),
                        kind.subresources().stream().sorted().toList().toString(),
                        stamp);
                digest.update(said.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().withUpperCase().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
