package dev.keelson.apiserver.registry.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Selectors as text: {@code app=web,tier in (a,b)}. */
public final class Selectors {
    private Selectors() {}

    /** A plain label map, as Services have. */
    public static String formatMap(JsonNode labels) {
        return Columns.join(pairs(labels));
    }

    /** A LabelSelector (meta.k8s.io/v1), sorted by keys, or the plain map that ReplicationControllers have in its place. */
    public static String format(JsonNode selector) {
        if (!selector.has("matchLabels") && !selector.has("matchExpressions")) {
            return formatMap(selector);
        }
        List<Map.Entry<String, String>> parts = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(label -> parts.add(Map.entry(
                        label.getKey(), label.getKey() + "=" + label.getValue().asText())));
        for (ObjectNode expression : Tree.objects(selector, "matchExpressions")) {
            String key = Tree.text(expression, "key");
            List<String> values =
                    Tree.texts(expression, "values").stream().sorted().toList();
            parts.add(Map.entry(key, format(key, Tree.text(expression, "operator"), values)));
        }
        parts.sort(Map.Entry.comparingByKey());
        return Columns.join(parts.stream().map(Map.Entry::getValue).toList());
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
