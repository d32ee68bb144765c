package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;

/** Defaults of autoscalers (Kubernetes' autoscaling/v2 {@code defaults.go}). */
final class AutoscalerDefaults {
    private static final int UTILIZATION = 80;

    private AutoscalerDefaults() {}

    static void apply(ObjectNode autoscaler) {
        ObjectNode spec = Tree.child(autoscaler, "spec");
        Tree.setDefault(spec, "minReplicas", 1);
        if (spec.path("metrics").isEmpty()) {
            ObjectNode metric = spec.putArray("metrics").addObject().put("type", "Resource");
            metric.putObject("resource")
                    .put("name", "cpu")
                    .putObject("target")
                    .put("type", "Utilization")
                    .put("averageUtilization", UTILIZATION);
        }
        Tree.object(spec, "behavior").ifPresent(behavior -> {
            Tree.object(behavior, "scaleUp").ifPresent(AutoscalerDefaults::scaleUp);
            Tree.object(behavior, "scaleDown").ifPresent(AutoscalerDefaults::scaleDown);
        });
    }

    private static void scaleUp(ObjectNode rules) {
        Tree.setDefault(rules, "stabilizationWindowSeconds", 0);
        Tree.setDefault(rules, "selectPolicy", "Max");
        if (rules.path("policies").isEmpty()) {
            rules.putArray("policies").add(policy(rules, "Pods", 4)).add(policy(rules, "Percent", 100));
        }
    }

    private static void scaleDown(ObjectNode rules) {
        Tree.setDefault(rules, "selectPolicy", "Max");
        if (rules.path("policies").isEmpty()) {
            rules.putArray("policies").add(policy(rules, "Percent", 100));
        }
    }

    private static ObjectNode policy(ObjectNode nodes, String type, int value) {
        return nodes.objectNode().put("type", type).put("value", value).put("periodSeconds", 15);
    }
}
