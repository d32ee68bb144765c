package dev.keelson.apiserver.registry.print;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;

/** Selectors as text: {@code app=web,tier in (a,b)}. */
public final class Selectors {
    private Selectors() {}

    /** A plain label map, as Services have. */
    public static String formatMap(JsonNode labels) {
        return Columns.join(pairs(labels));
    }

    /** A LabelSelector (meta.k8s.io/v1), or the plain map that ReplicationControllers have in its place. */
    public static String format(JsonNode selector) {
        if (!selector.has("matchLabels") && !selector.has("matchExpressions")) {
            return formatMap(selector);
        }
        List<String> parts = new ArrayList<>(pairs(selector.path("matchLabels")));
        Tree.objects(selector, "matchExpressions")
                .forEach(expression -> parts.add(format(
                        Tree.text(expression, "key"),
                        Tree.text(expression, "operator"),
                        Tree.texts(expression, "values").stream().sorted().toList())));
        return Columns.join(parts);
    }

    private static String format(String key, String operator, List<String> values) {
        return switch (operator) {
            case "In" -> key + " in (" + String.join(",", values) + ")";
            case "NotIn" -> key + " notin (" + String.join(",", values) + ")";
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }

    private static List<String> pairs(JsonNode labels) {
        return labels.properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .sorted()
                .toList();
    }
}
