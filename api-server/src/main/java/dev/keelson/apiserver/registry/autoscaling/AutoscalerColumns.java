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
                Columns.text("MaxPods", "The most pods.", "0", "spec", "maxReplicas"),
                Columns.text("Replicas", "How many pods there are.", "0", "status", "currentReplicas"),
                Columns.age());
    }

    private static String targets(ObjectNode object) {
        List<ObjectNode> specs = Tree.objects(object, "spec", "metrics");
        if (specs.isEmpty()) {
            return Columns.NONE;
        }
        List<ObjectNode> statuses = Tree.objects(object, "status", "currentMetrics");
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < Math.min(specs.size(), SHOWN_METRICS); i++) {
            JsonNode status = i < statuses.size() ? statuses.get(i) : object.objectNode();
            shown.add(target(specs.get(i), status));
        }
        String text = String.join(", ", shown);
        return specs.size() <= SHOWN_METRICS ? text : text + " + %d more...".formatted(specs.size() - SHOWN_METRICS);
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
        if (Tree.has(target, "averageUtilization")) {
            return before
                    + (Tree.has(current, "averageUtilization")
                            ? current.path("averageUtilization").asText() + "%"
                            : UNKNOWN)
                    + "/" + target.path("averageUtilization").asText() + "%";
        }
        boolean average = Tree.has(target, "averageValue");
        String wanted = average ? "averageValue" : "value";
        String measured = current.path(wanted).asText("");
        String suffix = average && !type.equals("Pods") && name.isEmpty() ? " (avg)" : "";
        return before + (measured.isEmpty() ? UNKNOWN : measured) + "/"
                + target.path(wanted).asText() + suffix;
    }
}
