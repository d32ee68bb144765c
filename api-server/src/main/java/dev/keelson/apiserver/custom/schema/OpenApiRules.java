package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What each part of a schema may say (apiextensions' {@code ValidateCustomResourceDefinitionOpenAPISchema}). */
final class OpenApiRules {
    private static final List<String> TYPES = List.of("array", "boolean", "integer", "number", "object", "string");
    private static final List<String> NOT_SUPPORTED =
            List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref");
    private static final Set<String> META_FIELDS = Set.of("metadata", "kind", "apiVersion");
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    private static final String EMBEDDED = "x-kubernetes-embedded-resource";

    /**
     * Where a part stands.
     *
     * @param insideMeta whether it describes the metadata of a resource, its kind or its version
     * @param noDefaults why it may have no defaults; empty when it may
     */
    private record Place(boolean insideMeta, String noDefaults) {}

    private final Problems problems;
    private final Set<JsonNode> faulty = Collections.newSetFromMap(new IdentityHashMap<>());

    OpenApiRules(Problems problems) {
        this.problems = problems;
    }

    void check(Structural root, String path) {
        part(root.node(), path, new Place(false, ""), true);
    }

    /** Whether nothing is wrong with a part that was checked, or below it. */
    boolean areSound(Structural part) {
        return !faulty.contains(part.node());
    }

    private void part(JsonNode node, String path, Place place, boolean root) {
        if (!(node instanceof ObjectNode)) {
            return;
        }
        int before = problems.count();
        Structural schema = new Structural(node);
        said(node, path, place);
        values(schema, path, place);
        properties(schema, path, place, root);
        part(node.path("not"), path + ".not", place, false);
        for (String junctor : StructuralRules.JUNCTORS) {
            parts(node.path(junctor), path + "." + junctor, place);
        }
        node.path("definitions")
                .properties()
                .forEach(entry -> part(entry.getValue(), path + ".definitions[" + entry.getKey() + "]", place, false));
        part(node.path("items"), path + ".items", place, false);
        parts(node.path("items"), path + ".items", place);
        if (node.path(PRESERVE).isBoolean() && !Tree.isTrue(node, PRESERVE)) {
            problems.invalid(path + "." + PRESERVE, node.path(PRESERVE), "must be true or undefined");
        }
        ListSchemaRules.check(schema, path, problems);
        Tree.items(node.path("x-kubernetes-validations"), path + ".x-kubernetes-validations")
                .forEach(rule -> RuleWords.check(rule.value(), schema, rule.path(), problems));
        if (problems.count() > before) {
            faulty.add(node);
        }
    }

    private void parts(JsonNode list, String path, Place place) {
        Tree.items(list, path).forEach(item -> part(item.value(), item.path(), place, false));
    }

    private void said(JsonNode node, String path, Place place) {
        String type = Tree.text(node, "type");
        if (!type.isEmpty()) {
            problems.oneOf(path + ".type", node.path("type"), TYPES);
        }
        if (Tree.isThere(node.path("default")) && !place.noDefaults().isEmpty()) {
            problems.forbidden(path + ".default", "must not be set " + place.noDefaults());
        }
        for (String field : NOT_SUPPORTED) {
            JsonNode value = node.path(field);
            boolean used = field.equals("additionalItems") ? Tree.isThere(value) : Tree.isSaid(value);
            if (used) {
                problems.forbidden(path + "." + field, field + " is not supported");
            }
        }
        if (type.equals("null")) {
            problems.forbidden(path + ".type", "type cannot be set to null, use nullable as an alternative");
        }
        if (node.path("items").isArray()) {
            problems.forbidden(path + ".items", "items must be a schema object and not an array");
        }
        if (place.insideMeta() && Tree.isTrue(node, EMBEDDED)) {
            problems.forbidden(path + "." + EMBEDDED, "must not be used inside of resource meta");
        }
        if (Tree.isTrue(node, "uniqueItems")) {
            problems.forbidden(
                    path + ".uniqueItems",
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
    }

    private void values(Structural schema, String path, Place place) {
        JsonNode values = schema.node().path("additionalProperties");
        String at = path + ".additionalProperties";
        if (Tree.isThere(values) && schema.hasProperties() && !(values.isBoolean() && values.booleanValue())) {
            problems.forbidden(at, "additionalProperties and properties are mutual exclusive");
        }
        Place below =
                place.insideMeta() ? new Place(true, "inside additionalProperties applying to object metadata") : place;
        part(values, at, below, false);
    }

    private void properties(Structural schema, String path, Place place, boolean root) {
        schema.properties().forEach(entry -> {
            String name = entry.getKey();
            boolean meta = (root || schema.embedsResource()) && META_FIELDS.contains(name);
            Place below = meta ? new Place(true, root ? "in top-level " + name : place.noDefaults()) : place;
            part(entry.getValue(), path + ".properties[" + name + "]", below, false);
        });
    }
}
