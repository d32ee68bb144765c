package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.UnstoredKind;
import dev.keelson.apiserver.schema.DefinitionNames;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The documents that are served: OpenAPI 3 per group and version, OpenAPI 2 as one. */
final class OpenApiDocuments {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
    /** What can be done with a kind that is stored: everything. */
    private static final List<String> STORED = List.of("*");

    private static final String TITLE = "Kubernetes";
    private static final String API_VERSION = "v1.32.0";

    private final Map<String, Definition> definitions;
    private final List<UnstoredKind> kinds;

    /** @param unstored kinds whose objects exist only in answers, with what can be done with them */
    OpenApiDocuments(
            Map<String, Definition> definitions, List<ResourceDefinition> stored, List<UnstoredKind> unstored) {
        this.definitions = definitions;
        this.kinds = Stream.concat(stored.stream().map(kind -> new UnstoredKind(kind, STORED)), unstored.stream())
                .toList();
    }

    /** By path below {@code /openapi/v3/}, such as {@code api/v1} or {@code apis/apps/v1}. */
    Map<String, ObjectNode> v3() {
        Map<String, List<UnstoredKind>> byVersion = kinds.stream()
                .collect(Collectors.groupingBy(kind -> path(kind.definition()), TreeMap::new, Collectors.toList()));
        Map<String, ObjectNode> documents = new TreeMap<>();
        byVersion.forEach((path, served) -> documents.put(path, v3(served)));
        return documents;
    }

    static String path(ResourceDefinition kind) {
        return (kind.group().isEmpty() ? "api/" : "apis/") + kind.apiVersion();
    }

    private ObjectNode v3(List<UnstoredKind> served) {
        ObjectNode document = JSON.createObjectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", TITLE).put("version", API_VERSION);
        OpenApiSchemas schemas = new OpenApiSchemas(definitions, OpenApiSchemas.Version.V3);
        addPaths(served, schemas, new OpenApiOperation.V3(), document.putObject("paths"));
        ObjectNode target = document.putObject("components").putObject("schemas");
        schemas.schemas().forEach(target::set);
        return document;
    }

    ObjectNode v2() {
        ObjectNode document = JSON.createObjectNode().put("swagger", "2.0");
        document.putObject("info").put("title", TITLE).put("version", API_VERSION);
        OpenApiSchemas schemas = new OpenApiSchemas(definitions, OpenApiSchemas.Version.V2);
        addPaths(kinds, schemas, new OpenApiOperation.V2(), document.putObject("paths"));
        ObjectNode target = document.putObject("definitions");
        schemas.schemas().forEach(target::set);
        return document;
    }

    private void addPaths(List<UnstoredKind> served, OpenApiSchemas schemas, OpenApiOperation shape, ObjectNode paths) {
        OpenApiPaths writer = new OpenApiPaths(schemas, shape, paths);
        for (UnstoredKind one : served) {
            ResourceDefinition kind = one.definition();
            String definition = definitionOf(kind);
            mark(schemas.schema(definition), kind.group(), kind.version(), kind.kind());
            if (one.verbs().contains("list")) {
                mark(schemas.schema(definition + "List"), kind.group(), kind.version(), kind.kind() + "List");
            }
            if (one.verbs().equals(STORED)) {
                writer.add(kind, definition);
            } else {
                writer.addUnstored(one, definition);
            }
        }
        for (String version : new TreeSet<>(
                served.stream().map(kind -> kind.definition().apiVersion()).toList())) {
            int slash = version.indexOf('/');
            String group = slash < 0 ? "" : version.substring(0, slash);
            mark(schemas.schema(DELETE_OPTIONS), group, version.substring(slash + 1), "DeleteOptions");
        }
    }

    private static void mark(ObjectNode schema, String group, String version, String kind) {
        ArrayNode kinds = schema.withArrayProperty("x-kubernetes-group-version-kind");
        kinds.add(OpenApiPaths.gvk(group, version, kind));
    }

    private String definitionOf(ResourceDefinition kind) {
        return DefinitionNames.of(kind.group(), kind.version(), kind.kind());
    }
}
