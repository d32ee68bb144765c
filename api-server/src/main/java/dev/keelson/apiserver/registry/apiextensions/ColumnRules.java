package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Validation of the columns that a CustomResourceDefinition adds to Tables. */
final class ColumnRules {
    private static final List<String> TYPES = List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> FORMATS =
            List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");

    private ColumnRules() {}

    static void check(JsonNode columns, String path, Problems problems) {
        Tree.items(columns, path).forEach(column -> column(column, problems));
    }

    private static void column(Tree.Item column, Problems problems) {
        JsonNode value = column.value();
        problems.requireText(column.path(), value, "name", "");
        if (problems.requireText(column.path(), value, "type", oneOf(TYPES))) {
            known(value.path("type"), column.path() + ".type", TYPES, problems);
        }
        if (Tree.has(value, "format")) {
            known(value.path("format"), column.path() + ".format", FORMATS, problems);
        }
        // Kubernetes writes the field so.
        SubresourceRules.simplePath(Tree.text(value, "jsonPath"), column.path() + ".JSONPath", problems);
    }

    private static void known(JsonNode word, String path, List<String> words, Problems problems) {
        if (!words.contains(word.asText())) {
            problems.invalid(path, word, oneOf(words));
        }
    }

    private static String oneOf(List<String> words) {
        return "must be one of " + String.join(",", words);
    }
}
