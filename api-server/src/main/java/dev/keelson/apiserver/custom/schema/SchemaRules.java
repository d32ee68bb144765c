package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
        boolean free = schema.isIntOrString() || schema.preservesUnknown();
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
        values(schema, path);
        lists(schema, path);
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

    private void values(Structural schema, String path) {
        JsonNode values = schema.node().path("additionalProperties");
        if (values.isBoolean() && !values.booleanValue()) {
            problems.forbidden(path + ".additionalProperties", "additionalProperties cannot be set to false");
        }
        if (!values.isMissingNode() && schema.hasProperties()) {
            problems.forbidden(
                    path + ".additionalProperties", "additionalProperties and properties are mutual exclusive");
        }
        if (!values.isMissingNode()
                && !schema.type().isEmpty()
                && !schema.type().equals("object")) {
            problems.forbidden(path + ".additionalProperties", "must be undefined if type is not object");
        }
    }

    private void lists(Structural schema, String path) {
        String at = path + ".x-kubernetes-list-type";
        String listType = schema.listType();
        problems.oneOf(at, schema.node().path("x-kubernetes-list-type"), List.of("atomic", "map", "set"));
        if (!listType.isEmpty() && !schema.type().equals("array")) {
            problems.invalid(path + ".type", schema.type(), "must be array if x-kubernetes-list-type is specified");
        }
        String mapType = schema.node().path("x-kubernetes-map-type").asText("");
        problems.oneOf(
                path + ".x-kubernetes-map-type",
                schema.node().path("x-kubernetes-map-type"),
                List.of("atomic", "granular"));
        if (!mapType.isEmpty() && !schema.type().equals("object")) {
            problems.invalid(path + ".type", schema.type(), "must be object if x-kubernetes-map-type is specified");
        }
        List<String> keys = schema.listMapKeys();
        if (listType.equals("map")) {
            keyed(schema, path, keys);
        } else if (!keys.isEmpty()) {
            problems.forbidden(
                    path + ".x-kubernetes-list-map-keys", "must not be specified unless x-kubernetes-list-type is map");
        }
        if (listType.equals("set")
                && schema.items().filter(SchemaRules::isGranular).isPresent()) {
            problems.forbidden(
                    at, "set must only contain atomic items; its items must be scalars, atomic lists or atomic maps");
        }
    }

    private static boolean isGranular(Structural items) {
        return switch (items.type()) {
            case "object" -> !items.atomicMap();
            case "array" ->
                !items.listType().equals("atomic") && !items.listType().isEmpty();
            default -> false;
        };
    }

    private void keyed(Structural schema, String path, List<String> keys) {
        if (keys.isEmpty()) {
            problems.required(
                    path + ".x-kubernetes-list-map-keys", "must not be empty if x-kubernetes-list-type is map");
        }
        Structural items = schema.items().orElse(new Structural(schema.node().path("items")));
        if (!items.type().equals("object")) {
            problems.invalid(
                    path + ".items.type",
                    items.type(),
                    "must be object if parent array's" + " x-kubernetes-list-type is map");
        }
        for (String key : keys) {
            String at = path + ".items.properties[" + key + "]";
            if (items.property(key).isEmpty()) {
                problems.invalid(
                        path + ".x-kubernetes-list-map-keys",
                        schema.node().path("x-kubernetes-list-map-keys"),
                        "entries must all be names of item properties");
                continue;
            }
            Structural property = items.property(key).get();
            if (Set.of("object", "array").contains(property.type())) {
                problems.invalid(
                        at + ".type",
                        property.type(),
                        "must be a scalar type if parent array's x-kubernetes-list-type is map");
            }
            if (property.defaultValue().isEmpty() && !items.requires(key)) {
                problems.required(
                        at + ".default",
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                                + " property");
            }
        }
    }

    private void validations(JsonNode node, String path) {
        String pattern = node.path("pattern").asText("");
        if (!pattern.isEmpty()) {
            Patterns.problem(pattern)
                    .ifPresent(words -> problems.invalid(
                            path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + words));
        }
        Tree.items(node.path("x-kubernetes-validations"), path + ".x-kubernetes-validations")
                .forEach(item -> {
                    if (!Tree.has(item.value(), "rule")) {
                        problems.required(item.path() + ".rule", "rule is not specified");
                    }
                });
    }

    /** A schema inside a junctor: it may only judge what the schema outside describes. */
    private void judging(JsonNode node, String path, Structural described, String describedAt) {
        boolean intOrString = described.isIntOrString();
        for (String field : STRUCTURE) {
            JsonNode value = node.path(field);
            boolean allowed = intOrString && field.equals("type");
            boolean set = !value.isMissingNode() && !(value.isBoolean() && !value.booleanValue());
            if (set && !allowed) {
                problems.forbidden(path + "." + field, "must be empty to be structural");
            }
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
