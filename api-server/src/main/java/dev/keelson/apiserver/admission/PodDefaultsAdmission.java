package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;
import java.util.List;
import java.util.Map;

/**
 * What every new pod gets from the cluster: a priority, and patience with a node that is gone for a
 * moment (Kubernetes' Priority and DefaultTolerationSeconds admission).
 */
public final class PodDefaultsAdmission implements Admission {
    /** The classes that exist in every cluster. */
    private static final Map<String, Integer> SYSTEM_PRIORITIES =
            Map.of("system-node-critical", 2_000_001_000, "system-cluster-critical", 2_000_000_000);

    private static final int TOLERATION_SECONDS = 300;

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.concernsCore("pods")) {
            return;
        }
        ObjectNode spec = request.object().withObject("/spec");
        priority(request, spec);
        tolerate(spec, "node.kubernetes.io/not-ready");
        tolerate(spec, "node.kubernetes.io/unreachable");
    }

    private static void priority(AdmissionRequest request, ObjectNode spec) {
        String name = spec.path("priorityClassName").asText("");
        if (!name.isEmpty() && !SYSTEM_PRIORITIES.containsKey(name)) {
            throw ApiFailure.forbidden(
                    request.kind(), request.name(), "no PriorityClass with name " + name + " was found");
        }
        int value = SYSTEM_PRIORITIES.getOrDefault(name, 0);
        JsonNode given = spec.path("priority");
        if (given.isNumber() && given.asInt() != value) {
            throw ApiFailure.forbidden(
                    request.kind(),
                    request.name(),
                    "the integer value of priority (%d) must not be provided in pod spec; priority admission controller computed %d from the given PriorityClass name"
                            .formatted(given.asInt(), value));
        }
        spec.put("priority", value);
        if (spec.path("preemptionPolicy").asText("").isEmpty()) {
            spec.put("preemptionPolicy", "PreemptLowerPriority");
        }
    }

    private static void tolerate(ObjectNode spec, String taint) {
        ArrayNode tolerations =
                spec.get("tolerations") instanceof ArrayNode present ? present : spec.putArray("tolerations");
        for (JsonNode toleration : tolerations) {
            boolean concerns =
                    List.of("", taint).contains(toleration.path("key").asText(""));
            boolean effect =
                    List.of("", "NoExecute").contains(toleration.path("effect").asText(""));
            if (concerns && effect) {
                return;
            }
        }
        tolerations
                .addObject()
                .put("key", taint)
                .put("operator", "Exists")
                .put("effect", "NoExecute")
                .put("tolerationSeconds", TOLERATION_SECONDS);
    }
}
