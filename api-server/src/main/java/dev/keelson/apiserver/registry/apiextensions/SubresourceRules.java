package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Validation of the subresources of a CustomResourceDefinition: where its scale is to be found. */
final class SubresourceRules {
    private SubresourceRules() {}

    static void check(JsonNode subresources, String path, Problems problems) {
        JsonNode scale = subresources.path("scale");
        if (scale.isObject()) {
            field(
                    scale,
                    path + ".scale",
                    "specReplicasPath",
                    List.of("spec"),
                    "should be a json path under .spec",
                    problems);
            field(
                    scale,
                    path + ".scale",
                    "statusReplicasPath",
                    List.of("status"),
                    "should be a json path under .status",
                    problems);
            if (Tree.has(scale, "labelSelectorPath")) {
                field(
                        scale,
                        path + ".scale",
                        "labelSelectorPath",
                        List.of("spec", "status"),
                        "should be a json path under either .spec or .status",
                        problems);
            }
        }
    }

    private static void field(
            JsonNode scale, String path, String field, List<String> below, String words, Problems problems) {
        String given = Tree.text(scale, field);
        String at = path + "." + field;
        boolean fits = below.stream().anyMatch(part -> given.startsWith("." + part + "."));
        if (simplePath(given, at, problems) && !fits) {
            problems.invalid(at, given, words);
        }
    }

    /** A path that begins with a dot, which is all that is asked of it. Returns whether it is one. */
    static boolean simplePath(String given, String path, Problems problems) {
        if (given.isEmpty()) {
            problems.required(path, "");
        } else if (!given.startsWith(".")) {
            problems.invalid(path, given, "must be a simple json path starting with .");
        }
        return given.startsWith(".");
    }
}
