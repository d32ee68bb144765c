package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What schemas may say about how lists and maps are merged (apiextensions' validation, in its words). */
final class ListSchemaRules {
    private static final String LIST_TYPE = ".x-kubernetes-list-type";
    private static final String LIST_KEYS = ".x-kubernetes-list-map-keys";
    private static final String MAP_TYPE = ".x-kubernetes-map-type";

    private ListSchemaRules() {}

    static void check(Structural schema, String path, Problems problems) {
        JsonNode mapType = schema.node().path("x-kubernetes-map-type");
        JsonNode listType = schema.node().path("x-kubernetes-list-type");
        if (mapType.isTextual()) {
            type(schema, path, "object", "x-kubernetes-map-type", problems);
        }
        problems.oneOf(path + MAP_TYPE, mapType, List.of("atomic", "granular"));
        boolean isList = !listType.isTextual() || type(schema, path, "array", "x-kubernetes-list-type", problems);
        if (isList && schema.listType().equals("set")) {
            schema.items().ifPresent(items -> atomic(items, path + ".items", problems));
        }
        problems.oneOf(path + LIST_TYPE, listType, List.of("atomic", "set", "map"));
        if (!schema.listMapKeys().isEmpty() && !schema.listType().equals("map")) {
            String words = "must be map if x-kubernetes-list-map-keys is non-empty";
            if (listType.isTextual()) {
                problems.invalid(path + LIST_TYPE, listType, words);
            } else {
                problems.required(path + LIST_TYPE, words);
            }
        }
        if (schema.listType().equals("map")) {
            keyed(schema, path, problems);
        }
        if (Set.of("map", "set").contains(schema.listType())) {
            schema.items().ifPresent(items -> present(schema, items, path + ".items", problems));
        }
    }

    private static boolean type(Structural schema, String path, String wanted, String because, Problems problems) {
        String words = "must be %s if %s is specified".formatted(wanted, because);
        if (schema.type().isEmpty()) {
            problems.required(path + ".type", words);
        } else if (!schema.type().equals(wanted)) {
            problems.invalid(path + ".type", schema.type(), words);
        }
        return schema.type().equals(wanted);
    }

    /** Items of sets are compared as a whole. */
    private static void atomic(Structural items, String path, Problems problems) {
        String words = "must be atomic as item of a list with x-kubernetes-list-type=set";
        if (items.type().equals("array")
                && !items.listType().isEmpty()
                && !items.listType().equals("atomic")) {
            problems.invalid(path + LIST_TYPE, items.node().path("x-kubernetes-list-type"), words);
        }
        if (items.type().equals("object") && !items.atomicMap()) {
            // Kubernetes shows the type of the list here, too.
            problems.invalid(path + MAP_TYPE, items.node().path("x-kubernetes-list-type"), words);
        }
    }

    private static void keyed(Structural schema, String path, Problems problems) {
        if (schema.listMapKeys().isEmpty()) {
            problems.required(path + LIST_KEYS, "must not be empty if x-kubernetes-list-type is map");
        }
        if (schema.items().isEmpty()) {
            problems.required(path + ".items", "must have a schema if x-kubernetes-list-type is map");
            return;
        }
        Structural items = schema.items().get();
        if (!items.type().equals("object")) {
            problems.invalid(
                    path + ".items.type",
                    items.type(),
                    "must be object if parent array's x-kubernetes-list-type is map");
            return;
        }
        String shown = GoSyntax.list(schema.node().path("x-kubernetes-list-map-keys"));
        Set<String> seen = new HashSet<>();
        for (String key : schema.listMapKeys()) {
            items.property(key)
                    .ifPresentOrElse(
                            property -> scalar(property, items, path + ".items.properties[" + key + "]", problems),
                            () -> problems.invalidShown(
                                    path + LIST_KEYS, shown, "entries must all be names of item properties"));
            if (!seen.add(key)) {
                problems.invalidShown(path + LIST_KEYS, shown, "must not contain duplicate entries");
            }
        }
    }

    private static void scalar(Structural property, Structural items, String path, Problems problems) {
        if (Set.of("object", "array").contains(property.type())) {
            problems.invalid(
                    path + ".type",
                    items.type(),
                    "must be a scalar type if parent array's x-kubernetes-list-type is map");
        }
    }

    /** Items of sets and maps are not null, and have their keys. */
    private static void present(Structural schema, Structural items, String path, Problems problems) {
        if (items.nullable()) {
            problems.forbidden(
                    path + ".nullable", "cannot be nullable when x-kubernetes-list-type is " + schema.listType());
        }
        if (schema.listType().equals("map")) {
            schema.listMapKeys().forEach(key -> items.property(key)
                    .ifPresent(property -> key(items, key, property, path + ".properties[" + key + "]", problems)));
        }
    }

    private static void key(Structural items, String key, Structural property, String path, Problems problems) {
        if (property.defaultValue().isEmpty() && !items.requires(key)) {
            problems.required(
                    path + ".default",
                    "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required"
                            + " property");
        }
        if (property.nullable()) {
            problems.forbidden(
                    path + ".nullable", "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
        }
    }
}
