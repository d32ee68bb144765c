package dev.keelson.controllers.disruption;

import static java.util.stream.Collectors.toMap;

import dev.keelson.controllers.objects.Times;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A budget's status as a function of what was counted. */
final class DisruptionStatus {
    private static final String CONDITION = "DisruptionAllowed";

    /** Status, reason and message of the one condition. */
    private record Verdict(String status, String reason, String message) {}

    private DisruptionStatus() {}

    /** The status tree that the budget should have; the present one is kept where nothing could be counted. */
    static Map<String, Object> of(GenericKubernetesResource budget, DisruptionPlan plan, Instant now) {
        Map<String, Object> before = present(budget);
        Map<String, Object> status = new LinkedHashMap<>();
        Verdict verdict =
                switch (plan) {
                    case DisruptionPlan.Counted counted -> {
                        count(status, budget, counted);
                        yield counted.allowed() > 0
                                ? new Verdict("True", "SufficientPods", "")
                                : new Verdict("False", "InsufficientPods", "");
                    }
                    case DisruptionPlan.Failed(String reason) -> {
                        status.putAll(before);
                        status.put("disruptionsAllowed", 0);
                        yield new Verdict("False", "SyncFailed", reason);
                    }
                };
        status.put("conditions", conditions(before, status, verdict, now));
        return status;
    }

    /** The status that the budget has, empty for none. */
    static Map<String, Object> present(GenericKubernetesResource budget) {
        return tree(budget.getAdditionalProperties().get("status"));
    }

    private static void count(
            Map<String, Object> status, GenericKubernetesResource budget, DisruptionPlan.Counted counted) {
        status.put("currentHealthy", counted.healthy());
        status.put("desiredHealthy", counted.desired());
        status.put("expectedPods", counted.expected());
        status.put("disruptionsAllowed", counted.allowed());
        if (!counted.disrupted().isEmpty()) {
            status.put(
                    "disruptedPods",
                    counted.disrupted().entrySet().stream()
                            .collect(toMap(Map.Entry::getKey, pod -> Times.format(pod.getValue()))));
        }
        if (budget.getMetadata().getGeneration() != null) {
            // Trees hold small numbers as Integer, and an equal status must be seen to be equal.
            status.put(
                    "observedGeneration", Math.toIntExact(budget.getMetadata().getGeneration()));
        }
    }

    private static List<Object> conditions(
            Map<String, Object> before, Map<String, Object> status, Verdict verdict, Instant now) {
        List<Object> conditions = new ArrayList<>();
        Map<String, Object> current = new LinkedHashMap<>();
        current.put("lastTransitionTime", Times.format(now));
        if (before.get("conditions") instanceof List<?> all) {
            for (Object one : all) {
                Map<String, Object> condition = tree(one);
                if (!CONDITION.equals(condition.get("type"))) {
                    conditions.add(condition);
                } else if (verdict.status().equals(condition.get("status"))) {
                    current.put("lastTransitionTime", condition.get("lastTransitionTime"));
                }
            }
        }
        current.put("type", CONDITION);
        current.put("status", verdict.status());
        current.put("reason", verdict.reason());
        current.put("message", verdict.message());
        if (status.containsKey("observedGeneration")) {
            current.put("observedGeneration", status.get("observedGeneration"));
        }
        conditions.add(current);
        return conditions;
    }

    private static Map<String, Object> tree(Object value) {
        Map<String, Object> tree = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, held) -> tree.put(String.valueOf(key), held));
        }
        return tree;
    }
}
