package dev.keelson.apiserver.schema.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Definitions as JSON schemas of an OpenAPI document, with the {@code x-kubernetes-*} extensions that clients read. */
final class OpenApiSchemas {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String TIME = META + "Time";
    private static final String MICRO_TIME = META + "MicroTime";
    private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

    /** OpenAPI 2 knows no oneOf, and a reference there cannot have siblings. */
    enum Version {
        V2("#/definitions/"),
        V3("#/components/schemas/");

        private final String prefix;

        Version(String prefix) {
            this.prefix = prefix;
        }
    }

    private final Map<String, Definition> definitions;
    private final Version version;
    private final Map<String, ObjectNode> schemas = new TreeMap<>();
    private final Set<String> visited = new TreeSet<>();

    OpenApiSchemas(Map<String, Definition> definitions, Version version) {
        this.definitions = definitions;
        this.version = version;
    }

    /** Every schema that was reached so far, by name. */
    Map<String, ObjectNode> schemas() {
        return schemas;
    }

    /** Adds a definition, if it is a known one, and all that it refers to; returns a reference to it. */
    ObjectNode reach(String definition) {
        if (visited.add(definition) && definitions.containsKey(definition)) {
            schemas.put(definition, object(definitions.get(definition)));
        }
        return reference(definition);
    }

    /** A patch may be any object; no model describes it. */
    ObjectNode patch() {
        return named(META + "Patch", plain("object"));
    }

    /** The schema of a definition that was reached. */
    ObjectNode schema(String definition) {
        reach(definition);
        return schemas.get(definition);
    }

    ObjectNode reference(String definition) {
        return JSON.createObjectNode().put("$ref", version.prefix + definition);
    }

    private ObjectNode object(Definition definition) {
        ObjectNode schema = JSON.createObjectNode();
        if (!definition.description().isEmpty()) {
            schema.put("description", definition.description());
        }
        schema.put("type", "object");
        ObjectNode properties = JSON.createObjectNode();
        ArrayNode required = JSON.createArrayNode();
        for (Definition.Property property : definition.properties().values()) {
            properties.set(property.name(), property(property));
            if (property.required()) {
                required.add(property.name());
            }
        }
        if (!properties.isEmpty()) {
            schema.set("properties", properties);
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        if (definition.atomic()) {
            schema.put("x-kubernetes-map-type", "atomic");
        }
        return schema;
    }

    private ObjectNode property(Definition.Property property) {
        ObjectNode type = value(property.type());
        ObjectNode schema = JSON.createObjectNode();
        if (!property.description().isEmpty()) {
            schema.put("description", property.description());
        }
        if (type.has("$ref") && version == Version.V3) {
            schema.putArray("allOf").add(type);
            if (property.type().startsWith("@")) {
                schema.putObject("default");
            }
        } else {
            schema.setAll(type);
        }
        property.defaultValue().ifPresent(value -> schema.set("default", parse(value)));
        property.listType().ifPresent(value -> schema.put("x-kubernetes-list-type", value));
        if (!property.listMapKeys().isEmpty()) {
            ArrayNode keys = schema.putArray("x-kubernetes-list-map-keys");
            property.listMapKeys().forEach(keys::add);
        }
        property.mapType().ifPresent(value -> schema.put("x-kubernetes-map-type", value));
        property.patchMergeKey().ifPresent(value -> schema.put("x-kubernetes-patch-merge-key", value));
        property.patchStrategy().ifPresent(value -> schema.put("x-kubernetes-patch-strategy", value));
        return schema;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException bad) {
            throw new IllegalStateException("a default in the sources is not JSON: " + json, bad);
        }
    }

    private ObjectNode value(String type) {
        return switch (type.charAt(0)) {
            case '[' -> JSON.createObjectNode().put("type", "array").set("items", element(type.substring(1)));
            case '{' ->
                JSON.createObjectNode().put("type", "object").set("additionalProperties", element(type.substring(1)));
            case '@' -> reach(type.substring(1));
            default -> scalar(type);
        };
    }

    /** Elements that refer get a default, as the API's own documents have it. */
    private ObjectNode element(String type) {
        ObjectNode value = value(type);
        if (!value.has("$ref") || version == Version.V2) {
            return value;
        }
        ObjectNode wrapped = JSON.createObjectNode();
        wrapped.putArray("allOf").add(value);
        if (type.startsWith("@")) {
            wrapped.putObject("default");
        }
        return wrapped;
    }

    private ObjectNode scalar(String type) {
        return switch (type) {
            case "string" -> plain("string");
            case "int32" -> plain("integer").put("format", "int32");
            case "int64" -> plain("integer").put("format", "int64");
            case "double" -> plain("number").put("format", "double");
            case "boolean" -> plain("boolean");
            case "bytes" -> plain("string").put("format", "byte");
            case "any" -> plain("object");
            case "time" -> named(TIME, plain("string").put("format", "date-time"));
            case "microtime" -> named(MICRO_TIME, plain("string").put("format", "date-time"));
            case "quantity" -> named(QUANTITY, version == Version.V2 ? plain("string") : either("string", "number"));
            case "intOrString" ->
                named(
                        INT_OR_STRING,
                        (version == Version.V2 ? plain("string") : either("integer", "string"))
                                .put("format", "int-or-string"));
            default -> throw new IllegalStateException("unknown type " + type);
        };
    }

    private ObjectNode named(String name, ObjectNode schema) {
        if (visited.add(name)) {
            schemas.put(name, schema);
        }
        return reference(name);
    }

    private static ObjectNode plain(String type) {
        return JSON.createObjectNode().put("type", type);
    }

    private static ObjectNode either(String first, String second) {
        ObjectNode schema = JSON.createObjectNode();
        schema.putArray("oneOf").add(plain(first)).add(plain(second));
        return schema;
    }
}
