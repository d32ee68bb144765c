package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Validation of {@code selectableFields} (apiextensions' {@code ValidateCustomResourceSelectableFields}). */
final class SelectableFieldRules {
    private static final Set<String> TYPES = Set.of("boolean", "integer", "string");
    private static final int MOST = 8;
    /** The delimiters of a path are tokens, and so is what stands between them. */
    private static final Pattern TOKEN = Pattern.compile("[.\\[\\]]|[^.\\[\\]]+");

    private SelectableFieldRules() {}

    /** A path that leads to a part of the schema, or what is wrong with it. */
    private sealed interface Found {
        record Field(List<String> names, Structural schema) implements Found {}

        record Wrong(String why) implements Found {}
    }

    static void check(JsonNode fields, String path, Structural schema, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(fields, path).forEach(item -> {
            String at = item.path() + ".jsonPath";
            String given = Tree.text(item.value(), "jsonPath");
            if (given.isEmpty()) {
                problems.required(at, "");
                return;
            }
            switch (find(given, schema)) {
                case Found.Wrong(String why) -> problems.invalid(at, given, "is an invalid path: " + why);
                case Found.Field(List<String> names, Structural found) -> {
                    if (names.getFirst().equals("metadata")) {
                        problems.invalid(at, given, "must not point to fields in metadata");
                    }
                    if (!TYPES.contains(found.type())) {
                        problems.invalid(
                                at,
                                given,
                                "must point to a field of type string, boolean or integer. Enum string fields and"
                                        + " strings with formats are allowed.");
                    }
                    if (!seen.add(String.join(".", names))) {
                        problems.duplicate(at, item.value().path("jsonPath"));
                    }
                }
            }
        });
        if (seen.size() > MOST) {
            problems.tooMany(path, seen.size(), MOST);
        }
    }

    private static Found find(String jsonPath, Structural schema) {
        List<String> tokens =
                TOKEN.matcher(jsonPath).results().map(token -> token.group()).toList();
        List<String> names = new ArrayList<>();
        Structural at = schema;
        for (int i = 0; i < tokens.size(); i += 2) {
            String delimiter = tokens.get(i);
            if (delimiter.equals("[")) {
                return new Found.Wrong("array notation is not allowed");
            }
            if (!delimiter.equals(".")) {
                return new Found.Wrong("expected [ or . but got: " + delimiter);
            }
            if (i + 1 == tokens.size()) {
                return new Found.Wrong("unexpected end of JSON path");
            }
            String name = tokens.get(i + 1);
            Optional<Structural> below = at.hasProperties() ? at.property(name) : at.values();
            if (below.isEmpty()) {
                return new Found.Wrong("does not refer to a valid field");
            }
            names.add(name);
            at = below.get();
        }
        return new Found.Field(List.copyOf(names), at);
    }
}
