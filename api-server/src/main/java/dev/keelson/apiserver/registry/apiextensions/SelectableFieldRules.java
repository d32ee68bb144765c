package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.schema.FieldPath;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.Set;

/** Validation of {@code selectableFields} (apiextensions' {@code ValidateCustomResourceSelectableFields}). */
final class SelectableFieldRules {
    private static final Set<String> TYPES = Set.of("boolean", "integer", "string");
    private static final int MOST = 8;

    private SelectableFieldRules() {}

    static void check(JsonNode fields, String path, Structural schema, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(fields, path).forEach(item -> {
            String at = item.path() + ".jsonPath";
            String given = Tree.text(item.value(), "jsonPath");
            if (given.isEmpty()) {
                problems.required(at, "");
                return;
            }
            switch (FieldPath.find(given, schema, false)) {
                case FieldPath.Wrong(String why) -> problems.invalid(at, given, "is an invalid path: " + why);
                case FieldPath.Found(String shown, String first, Structural found) -> {
                    if (first.equals("metadata")) {
                        problems.invalid(at, given, "must not point to fields in metadata");
                    }
                    if (!TYPES.contains(found.type())) {
                        problems.invalid(
                                at,
                                given,
                                "must point to a field of type string, boolean or integer. Enum string fields and"
                                        + " strings with formats are allowed.");
                    }
                    if (!seen.add(shown)) {
                        problems.duplicate(at, item.value().path("jsonPath"));
                    }
                }
            }
        });
        if (seen.size() > MOST) {
            problems.tooMany(path, seen.size(), MOST);
        }
    }
}
