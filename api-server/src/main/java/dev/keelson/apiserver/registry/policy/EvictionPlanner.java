package dev.keelson.apiserver.registry.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.selector.LabelSelector;
import java.util.List;
import java.util.Set;

/**
 * Decides whom the eviction of a pod has to ask, as Kubernetes does ({@code pkg/registry/core/pod/storage/eviction.go}).
 * Pure.
 */
public final class EvictionPlanner {
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    private EvictionPlanner() {}

    /**
     * What lets the pod go.
     *
     * @param budgets the PodDisruptionBudgets of the pod's namespace
     * @throws ApiFailure when several budgets guard the pod
     */
    public static Eviction plan(ObjectNode pod, List<ObjectNode> budgets) {
        String phase = pod.path("status").path("phase").asText("");
        if (Meta.deleting(pod) || ENDED.contains(phase)) {
            return new Eviction.Free();
        }
        if (phase.equals("Pending")) {
            return new Eviction.WhilePending();
        }
        List<ObjectNode> guards =
                budgets.stream().filter(budget -> guards(budget, pod)).toList();
        if (guards.size() > 1) {
            throw new ApiFailure(
                    StatusReason.UNKNOWN,
                    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
                    StatusDetails.NONE);
        }
        return guards.isEmpty() ? new Eviction.Free() : guarded(pod, guards.getFirst());
    }

    /** A budget without a selector guards nothing; one with an empty selector guards the whole namespace. */
    private static boolean guards(ObjectNode budget, ObjectNode pod) {
        JsonNode selector = budget.path("spec").path("selector");
        return selector.isObject()
                && LabelSelector.fromObject(selector)
                        .matches(pod.path("metadata").path("labels"));
    }

    private static Eviction guarded(ObjectNode pod, ObjectNode budget) {
        String name = Meta.name(budget);
        return !ready(pod) && unreadyMayGo(budget) ? new Eviction.WhileUnready(name) : new Eviction.Counted(name);
    }

    private static boolean unreadyMayGo(ObjectNode budget) {
        long desired = budget.path("status").path("desiredHealthy").asLong(0);
        long healthy = budget.path("status").path("currentHealthy").asLong(0);
        boolean always = budget.path("spec")
                .path("unhealthyPodEvictionPolicy")
                .asText("")
                .equals("AlwaysAllow");
        return always || healthy >= desired && desired > 0;
    }

    private static boolean ready(ObjectNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText("").equals("Ready")) {
                return condition.path("status").asText("").equals("True");
            }
        }
        return false;
    }
}
