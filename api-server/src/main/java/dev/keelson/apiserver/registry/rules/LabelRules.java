package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.selector.LabelNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Labels, annotations and selectors that stand inside a spec (apimachinery's {@code metav1/validation}). */
public final class LabelRules {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;
    private static final List<String> OPERATORS = List.of("DoesNotExist", "Exists", "In", "NotIn");

    private LabelRules() {}

    public static void labels(JsonNode labels, String path, Problems problems) {
        labels.properties().forEach(label -> {
            LabelNames.keyProblems(label.getKey()).forEach(words -> problems.invalid(path, label.getKey(), words));
            value(label.getValue(), path, problems);
        });
    }

    private static void value(JsonNode value, String path, Problems problems) {
        if (value.isTextual()) {
            LabelNames.valueProblems(value.textValue()).forEach(words -> problems.invalid(path, value, words));
        }
    }

    public static void annotations(JsonNode annotations, String path, Problems problems) {
        long size = 0;
        for (var annotation : annotations.properties()) {
            LabelNames.keyProblems(annotation.getKey().toLowerCase(Locale.ROOT))
                    .forEach(words -> problems.invalid(path, annotation.getKey(), words));
            size += bytes(annotation.getKey()) + bytes(annotation.getValue().asText());
        }
        if (size > ANNOTATIONS_LIMIT) {
            problems.tooLong(path, ANNOTATIONS_LIMIT);
        }
    }

    /** How long a text is where Kubernetes limits it: as Go counts it. */
    public static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** A {@code meta/v1 LabelSelector}. */
    public static void selector(JsonNode selector, String path, Problems problems) {
        labels(selector.path("matchLabels"), path + ".matchLabels", problems);
        Tree.items(selector.path("matchExpressions"), path + ".matchExpressions")
                .forEach(item -> expression(item, problems));
    }

    private static void expression(Tree.Item item, Problems problems) {
        JsonNode expression = item.value();
        boolean hasValues = !expression.path("values").isEmpty();
        String values = item.path() + ".values";
        switch (Tree.text(expression, "operator")) {
            case "In", "NotIn" -> {
                if (!hasValues) {
                    problems.required(values, "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (hasValues) {
                    problems.forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> problems.notSupported(item.path() + ".operator", expression.path("operator"), OPERATORS);
        }
        LabelNames.keyProblems(Tree.text(expression, "key"))
                .forEach(words -> problems.invalid(item.path() + ".key", expression.path("key"), words));
        Tree.items(expression.path("values"), values).forEach(value -> value(value.value(), value.path(), problems));
    }
}
