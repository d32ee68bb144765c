package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@code kubectl get hpa} shows. */
final class AutoscalerColumns {
    private static final int SHOWN_METRICS = 2;
    private static final String UNKNOWN = "<unknown>";

    private AutoscalerColumns() {}

    static List<Column> list() {
        return List.of(
                Columns.text(
                        "Reference",
                        "What it scales.",
                        object -> Tree.text(object, "spec", "scaleTargetRef", "kind")
                                + "/"
                                + Tree.text(object, "spec", "scaleTargetRef", "name")),
                Columns.text("Targets", "What was measured, and what is aimed at.", AutoscalerColumns::targets),
                Columns.text("MinPods", "The fewest pods.", "<unset>", "spec", "minReplicas"),
                Columns.number("MaxPods", "The most pods.", object -> Tree.number(object, "spec", "maxReplicas")
                        .orElse(0L)),
                Columns.number("Replicas", "How many pods there are.", object -> Tree.number(
                                object, "status", "currentReplicas")
                        .orElse(0L)),
                Columns.age());
    }

    private static String targets(ObjectNode object) {
        List<ObjectNode> specs = Tree.objects(object, "spec", "metrics");
        if (specs.isEmpty()) {
            return Columns.NONE;
        }
        List<ObjectNode> statuses = Tree.objects(object, "status", "currentMetrics");
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            JsonNode status = i < statuses.size() ? statuses.get(i) : object.objectNode();
            shown.add(target(specs.get(i), status));
        }
        return Columns.first(SHOWN_METRICS, ", ", shown);
    }

    private static String target(ObjectNode spec, JsonNode status) {
        String type = Tree.text(spec, "type");
        if (type.isEmpty()) {
            return "<unknown type>";
        }
        String field = type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
        JsonNode target = Tree.at(spec, field, "target");
        JsonNode current = Tree.at(status, field, "current");
        String name = Tree.text(spec, field, "name");
        String before = name.isEmpty() ? "" : name + ": ";
        boolean average = Tree.has(target, "averageValue");
        if (!average && type.endsWith("Resource")) {
            return before + percent(current, UNKNOWN) + "/" + percent(target, "<auto>");
        }
        String wanted = average ? "averageValue" : "value";
        String measured = current.path(wanted).asText("");
        String suffix = average && !type.equals("Pods") && name.isEmpty() ? " (avg)" : "";
        return before + (measured.isEmpty() ? UNKNOWN : measured) + "/"
                + target.path(wanted).asText() + suffix;
    }

    private static String percent(JsonNode value, String none) {
        JsonNode percent = value.path("averageUtilization");
        return percent.isNumber() ? percent.asText() + "%" : none;
    }
}
