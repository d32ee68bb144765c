package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.schema.DefinitionNames;
import java.util.List;

/** A custom kind's schema as OpenAPI shows it. Version 2 knows less, so there the schema says less (as apiextensions). */
enum PublishedSchema {
    V2("#/definitions/"),
    V3("#/components/schemas/");

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String GVK = "x-kubernetes-group-version-kind";
    private static final String SELECTABLE = "x-kubernetes-selectable-fields";
    private static final String API_VERSION_PROSE =
            "APIVersion defines the versioned schema of this representation of an object. Servers should convert"
                    + " recognized schemas to the latest internal value, and may reject unrecognized values. More info:"
                    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources";
    private static final String KIND_PROSE =
            "Kind is a string value representing the REST resource this object represents. Servers may infer this from"
                    + " the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info:"
                    + " https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds";
    private static final List<String> NOT_IN_V2 = List.of("oneOf", "anyOf", "allOf", "not", "nullable", "default");

    private final String references;

    PublishedSchema(String references) {
        this.references = references;
    }

    /** {@code com.example.stable.v1.CronTab} of CronTab in stable.example.com/v1. */
    static String nameOf(ResourceDefinition kind) {
        return DefinitionNames.backwards(kind.group()) + "." + kind.version() + "." + kind.kind();
    }

    /** Adds the kind and its list. */
    void addTo(ObjectNode schemas, ResourceDefinition kind) {
        String name = nameOf(kind);
        ObjectNode schema = (ObjectNode)
                ((CustomStrategy) kind.strategy()).version().schema().schema().deepCopy();
        if (this == V2) {
            reduce(schema);
        }
        boolean free = Tree.isTrue(schema, "x-kubernetes-preserve-unknown-fields") && !schema.has("properties");
        if (!free || this == V3) {
            ObjectNode properties = Tree.child(schema, "properties");
            typeMeta(properties);
            properties.set("metadata", described("ObjectMeta", "Standard object's metadata."));
        }
        gvk(schema, kind, kind.kind());
        if (!kind.selectableFields().isEmpty()) {
            ArrayNode selectable = schema.putArray(SELECTABLE);
            kind.selectableFields().forEach(field -> selectable.addObject().put("fieldPath", field));
        }
        schemas.set(name, schema);
        schemas.set(name + "List", list(kind, name));
    }

    private ObjectNode list(ResourceDefinition kind, String name) {
        ObjectNode list = JsonNodeFactory.instance
                .objectNode()
                .put("description", kind.kind() + "List is a list of " + kind.kind())
                .put("type", "object");
        list.putArray("required").add("items");
        ObjectNode properties = list.putObject("properties");
        typeMeta(properties);
        properties.set("metadata", described("ListMeta", "Standard list metadata."));
        ObjectNode items = properties.putObject("items");
        items.put("description", "List of " + kind.plural()).put("type", "array");
        items.putObject("items").put("$ref", references + name);
        gvk(list, kind, kind.kind() + "List");
        return list;
    }

    private static void typeMeta(ObjectNode properties) {
        properties.putObject("apiVersion").put("description", API_VERSION_PROSE).put("type", "string");
        properties.putObject("kind").put("description", KIND_PROSE).put("type", "string");
    }

    private ObjectNode described(String metaType, String prose) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("description", prose);
        String target = references + META + metaType;
        if (this == V3) {
            schema.putArray("allOf").addObject().put("$ref", target);
            return schema;
        }
        return schema.put("$ref", target);
    }

    private static void gvk(ObjectNode schema, ResourceDefinition kind, String name) {
        ArrayNode kinds = schema.putArray(GVK);
        kinds.addObject().put("group", kind.group()).put("kind", name).put("version", kind.version());
    }

    /** What clients of version 2 would read wrongly is left away: then they check nothing there. */
    private static void reduce(ObjectNode schema) {
        boolean unknown = Tree.isTrue(schema, "x-kubernetes-preserve-unknown-fields");
        boolean nullable = Tree.isTrue(schema, "nullable");
        if (Tree.isTrue(schema, "x-kubernetes-int-or-string") || nullable || unknown) {
            schema.remove("type");
        }
        if (nullable || unknown) {
            schema.remove(List.of("properties", "items", "additionalProperties", "required"));
        }
        schema.remove(NOT_IN_V2);
        for (JsonNode property : schema.path("properties")) {
            reduceChild(property);
        }
        reduceChild(schema.path("items"));
        reduceChild(schema.path("additionalProperties"));
    }

    private static void reduceChild(JsonNode child) {
        if (child instanceof ObjectNode object) {
            reduce(object);
        }
    }
}
