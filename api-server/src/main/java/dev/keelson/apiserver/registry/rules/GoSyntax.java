package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.stream.Collectors;

/** Values of several parts as Kubernetes 1.32 shows them in errors of fields: as Go's {@code %#v} prints its types. */
public final class GoSyntax {
    private GoSyntax() {}

    /** A {@code metav1.LabelSelector}. */
    public static String labelSelector(JsonNode selector) {
        JsonNode expressions = selector.path("matchExpressions");
        String listed = expressions.isArray()
                ? "[]v1.LabelSelectorRequirement{"
                        + expressions.valueStream().map(GoSyntax::requirement).collect(Collectors.joining(", "))
                        + "}"
                : "[]v1.LabelSelectorRequirement(nil)";
        return "v1.LabelSelector{MatchLabels:%s, MatchExpressions:%s}"
                .formatted(texts(selector.path("matchLabels")), listed);
    }

    private static String requirement(JsonNode requirement) {
        return "v1.LabelSelectorRequirement{Key:%s, Operator:%s, Values:%s}"
                .formatted(
                        quoted(requirement.path("key")),
                        quoted(requirement.path("operator")),
                        list(requirement.path("values")));
    }

    /** A {@code map[string]string}, whose keys Go sorts. */
    public static String texts(JsonNode map) {
        if (!map.isObject()) {
            return "map[string]string(nil)";
        }
        return map.propertyStream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> quoted(entry.getKey()) + ":" + quoted(entry.getValue()))
                .collect(Collectors.joining(", ", "map[string]string{", "}"));
    }

    /** A {@code []string}. */
    public static String list(JsonNode list) {
        if (!list.isArray()) {
            return "[]string(nil)";
        }
        return list.valueStream().map(GoSyntax::quoted).collect(Collectors.joining(", ", "[]string{", "}"));
    }

    private static String quoted(JsonNode text) {
        return quoted(text.asText(""));
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }
}
