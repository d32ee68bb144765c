package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The paths of kinds that CustomResourceDefinitions declare, in the same words as those of the built-in ones. */
public final class CustomPaths {
    private static final JsonMapper JSON = new JsonMapper();

    private CustomPaths() {}

    /** The {@code paths} of an OpenAPI 3 document. */
    public static ObjectNode v3(List<ResourceDefinition> kinds, Function<ResourceDefinition, String> definition) {
        return paths(kinds, definition, OpenApiSchemas.Version.V3, new OpenApiOperation.V3());
    }

    /** The {@code paths} of an OpenAPI 2 document. */
    public static ObjectNode v2(List<ResourceDefinition> kinds, Function<ResourceDefinition, String> definition) {
        return paths(kinds, definition, OpenApiSchemas.Version.V2, new OpenApiOperation.V2());
    }

    private static ObjectNode paths(
            List<ResourceDefinition> kinds,
            Function<ResourceDefinition, String> definition,
            OpenApiSchemas.Version version,
            OpenApiOperation shape) {
        ObjectNode paths = JSON.createObjectNode();
        OpenApiPaths writer = OpenApiPaths.ofCustom(new OpenApiSchemas(Map.of(), version), shape, paths);
        kinds.forEach(kind -> writer.add(kind, definition.apply(kind)));
        return paths;
    }
}
