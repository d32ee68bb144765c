package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;

/**
 * What a schema of a CustomResourceDefinition must be: structural, with defaults that are valid, and free of what the
 * API server does not support. The words are those of apiextensions.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">
 *     Structural schemas</a>
 */
public final class SchemaRules {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> NOT_SUPPORTED =
            List.of("$ref", "definitions", "dependencies", "patternProperties", "additionalItems", "id");
    private static final List<String> JUNCTORS = List.of("allOf", "anyOf", "oneOf");

    /** Says what a value is; a validation inside a junctor may only judge it. */
    private static final List<String> STRUCTURE = List.of(
            "title",
            "description",
            "type",
            "default",
            "additionalProperties",
            "nullable",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-embedded-resource",
            "x-kubernetes-int-or-string",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-map-type",
            "x-kubernetes-validations");

    private final Problems problems;

    private SchemaRules(Problems problems) {
        this.problems = problems;
    }

    /** Judges a whole schema. */
    public static void check(JsonNode openApiV3Schema, String path, Problems problems) {
        SchemaRules rules = new SchemaRules(problems);
        Structural root = new Structural(openApiV3Schema);
        if (!root.type().isEmpty() && !root.type().equals("object")) {
            problems.invalid(path + ".type", root.type(), "must be object at the root");
        }
        if (root.nullable()) {
            problems.forbidden(path + ".nullable", "nullable cannot be true at the root");
        }
        root.property("metadata").ifPresent(metadata -> rules.metadata(metadata, path));
        rules.structure(root, path, Place.ROOT, path);
    }

    private enum Place {
        ROOT("at the root"),
        FIELD("for specified object fields"),
        ITEM("for specified array items");

        private final String words;

        Place(String words) {
            this.words = words;
        }
    }

    private void structure(Structural schema, String path, Place place, String root) {
        JsonNode node = schema.node();
        boolean free = schema.isIntOrString() || schema.preservesUnknown() || schema.embedsResource();
        if (schema.type().isEmpty() && !free) {
            problems.required(path + ".type", "must not be empty " + place.words);
        }
        if (!schema.type().isEmpty() && !TYPES.contains(schema.type())) {
            problems.notSupported(path + ".type", node.path("type"), TYPES);
        }
        unsupported(node, path);
        extensions(schema, path);
        if (schema.type().equals("array") && schema.items().isEmpty()) {
            problems.required(path + ".items", "must be specified");
        }
        if (node.path("items").isArray()) {
            problems.forbidden(path + ".items", "items must be a schema object and not an array");
        }
        values(schema, path, place);
        ListSchemaRules.check(schema, path, problems);
        if (place == Place.ROOT || schema.embedsResource()) {
            typeMeta(schema, path, place);
        }
        validations(node, path);
        for (Structural.Part part : schema.parts(path)) {
            structure(part.schema(), part.path(), part.path().endsWith(".items") ? Place.ITEM : Place.FIELD, root);
        }
        for (String junctor : JUNCTORS) {
            Tree.items(node.path(junctor), path + "." + junctor)
                    .forEach(item -> judging(item.value(), item.path(), schema, path));
        }
        if (node.path("not").isObject()) {
            judging(node.path("not"), path + ".not", schema, path);
        }
        defaults(schema, path);
    }

    private void unsupported(JsonNode node, String path) {
        for (String field : NOT_SUPPORTED) {
            if (!node.path(field).isMissingNode()
                    && !node.path(field).isEmpty() | node.path(field).isValueNode()) {
                problems.forbidden(path + "." + field, field + " is not supported");
            }
        }
        if (node.path("uniqueItems").asBoolean()) {
            problems.forbidden(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
    }

    private void extensions(Structural schema, String path) {
        if (schema.isIntOrString() && !schema.type().isEmpty()) {
            problems.invalid(path + ".type", schema.type(), "must be empty if x-kubernetes-int-or-string is true");
        }
        if (schema.isIntOrString() && schema.preservesUnknown()) {
            problems.invalid(
                    path + ".x-kubernetes-preserve-unknown-fields",
                    schema.node().path("x-kubernetes-preserve-unknown-fields"),
                    "must be false if x-kubernetes-int-or-string is true");
        }
        if (schema.embedsResource() && !schema.type().equals("object")) {
            if (schema.type().isEmpty()) {
                problems.required(path + ".type", "must be object if x-kubernetes-embedded-resource is true");
            } else {
                problems.invalid(
                        path + ".type", schema.type(), "must be object if x-kubernetes-embedded-resource is true");
            }
        }
        if (schema.embedsResource() && !schema.hasProperties() && !schema.preservesUnknown()) {
            problems.required(
                    path + ".properties",
                    "must not be empty if x-kubernetes-embedded-resource is true without"
                            + " x-kubernetes-preserve-unknown-fields");
        }
        JsonNode preserve = schema.node().path("x-kubernetes-preserve-unknown-fields");
        if (preserve.isBoolean() && !preserve.booleanValue()) {
            problems.invalid(path + ".x-kubernetes-preserve-unknown-fields", preserve, "must be true or undefined");
        }
    }

    private void values(Structural schema, String path, Place place) {
        JsonNode values = schema.node().path("additionalProperties");
        if (values.isMissingNode()) {
            return;
        }
        String at = path + ".additionalProperties";
        boolean anything = values.isBoolean() && values.booleanValue();
        if (place == Place.ROOT) {
            problems.forbidden(at, "must not be used at the root");
        }
        if (schema.hasProperties() && !anything) {
            problems.forbidden(at, "additionalProperties and properties are mutual exclusive");
        }
        if (schema.embedsResource()) {
            problems.forbidden(at, "must not be used if x-kubernetes-embedded-resource is set");
        }
    }

    private void validations(JsonNode node, String path) {
        String pattern = node.path("pattern").asText("");
        if (!pattern.isEmpty()) {
            Patterns.problem(pattern)
                    .ifPresent(words -> problems.invalid(
                            path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + words));
        }
    }

    /** A schema inside a junctor: it may only judge what the schema outside describes. */
    private void judging(JsonNode node, String path, Structural described, String describedAt) {
        boolean intOrString = described.isIntOrString();
        for (String field : STRUCTURE) {
            JsonNode value = node.path(field);
            boolean allowed = intOrString && field.equals("type");
            boolean set = !value.isMissingNode() && !(value.isBoolean() && !value.booleanValue());
            if (set && !allowed) {
                problems.forbidden(path + "." + field, "must be " + word(field) + " to be structural");
            }
        }
        if (node.path("properties").has("metadata")) {
            problems.forbidden(path + ".properties[metadata]", "must not be specified in a nested context");
        }
        for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
            String at = path + ".properties[" + property.getKey() + "]";
            String outside = describedAt + ".properties[" + property.getKey() + "]";
            if (described.property(property.getKey()).isEmpty() && !described.preservesUnknown()) {
                problems.required(outside, "because it is defined in " + at);
            }
            judging(
                    property.getValue(),
                    at,
                    described.property(property.getKey()).orElse(described),
                    outside);
        }
        if (node.path("items").isObject()) {
            judging(node.path("items"), path + ".items", described.items().orElse(described), describedAt + ".items");
        }
        for (String junctor : JUNCTORS) {
            Tree.items(node.path(junctor), path + "." + junctor)
                    .forEach(item -> judging(item.value(), item.path(), described, describedAt));
        }
        if (node.path("not").isObject()) {
            judging(node.path("not"), path + ".not", described, describedAt);
        }
    }

    /** What a field must be where schemas may only judge. */
    private static String word(String field) {
        return switch (field) {
            case "additionalProperties", "default", "x-kubernetes-list-type", "x-kubernetes-map-type" -> "undefined";
            case "nullable",
                    "x-kubernetes-preserve-unknown-fields",
                    "x-kubernetes-embedded-resource",
                    "x-kubernetes-int-or-string" -> "false";
            default -> "empty";
        };
    }

    /** The fields that every object has are what they are. */
    private void typeMeta(Structural schema, String path, Place place) {
        for (String field : List.of("kind", "apiVersion", "metadata")) {
            String type = field.equals("metadata") ? "object" : "string";
            String at = path + ".properties[" + field + "]";
            schema.property(field)
                    .filter(property -> !property.type().equals(type))
                    .ifPresent(property -> problems.invalid(at + ".type", property.type(), "must be " + type));
            schema.property(field)
                    .filter(property -> place == Place.ROOT)
                    .flatMap(Structural::defaultValue)
                    .ifPresent(value -> problems.forbidden(at + ".default", "must not be set in top-level " + field));
        }
    }

    private void metadata(Structural metadata, String path) {
        ObjectNode said = metadata.node().deepCopy();
        said.remove(List.of("type", "description"));
        ObjectNode properties = said.path("properties") instanceof ObjectNode given ? given : said.objectNode();
        properties.remove(List.of("name", "generateName"));
        if (properties.isEmpty()) {
            said.remove("properties");
        }
        if (!said.isEmpty()) {
            problems.forbidden(
                    path + ".properties[metadata]",
                    "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    private void defaults(Structural schema, String path) {
        if (schema.defaultValue().isEmpty()) {
            return;
        }
        JsonNode value = schema.defaultValue().get();
        String at = path + ".default";
        if (!CustomPruning.prunePart(value.deepCopy(), schema).isEmpty()) {
            problems.invalid(at, value, "must not have unknown fields");
        }
        JsonNode completed = value.deepCopy();
        CustomDefaults.apply(completed, schema);
        problems.addAll(CustomSchema.checkPart(completed, schema, at));
    }
}
