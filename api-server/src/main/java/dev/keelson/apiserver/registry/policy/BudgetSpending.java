package dev.keelson.apiserver.registry.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.rules.Conditions;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Takes disruptions from a PodDisruptionBudget's status, in the words of Kubernetes ({@code checkAndDecrement} of its
 * eviction storage). Pure.
 */
public final class BudgetSpending {
    /** Evictions that the controller of budgets has not seen happen; with more, it is not keeping up. */
    private static final int MOST_UNSEEN = 2000;
    /** Seconds after which to ask again when the budget's status is behind. */
    private static final int SOON = 10;

    private BudgetSpending() {}

    /**
     * The budget with one disruption less, and the pod among those about to go. The given one is changed.
     *
     * @throws ApiFailure when it allows none now
     */
    public static ObjectNode spend(ObjectNode budget, String pod, Instant now) {
        ObjectNode status = Tree.child(budget, "status");
        long allowed = status.path("disruptionsAllowed").asLong(0);
        refuseUnlessAllowed(budget, status, allowed);
        String moment = now.truncatedTo(ChronoUnit.SECONDS).toString();
        status.put("disruptionsAllowed", allowed - 1);
        Tree.child(status, "disruptedPods").put(pod, moment);
        if (allowed == 1) {
            sayThatNoneIsAllowed(status, moment);
        }
        return budget;
    }

    /** The answer while the budget's numbers may be of another time than the pods. */
    public static ApiFailure stillProcessed(String budget) {
        return tooMany("The disruption budget " + budget + " is still being processed by the server.", SOON);
    }

    private static void refuseUnlessAllowed(ObjectNode budget, ObjectNode status, long allowed) {
        String name = Meta.name(budget);
        if (status.path("observedGeneration").asLong(0)
                < budget.path("metadata").path("generation").asLong(0)) {
            throw stillProcessed(name);
        }
        if (allowed < 0) {
            throw forbidden(name, "pdb disruptions allowed is negative");
        }
        if (status.path("disruptedPods").size() > MOST_UNSEEN) {
            throw forbidden(name, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }
        if (allowed == 0) {
            String numbers = "The disruption budget %s needs %d healthy pods and has %d currently"
                    .formatted(
                            name,
                            status.path("desiredHealthy").asLong(0),
                            status.path("currentHealthy").asLong(0));
            throw tooMany(numbers, 0);
        }
    }

    private static void sayThatNoneIsAllowed(ObjectNode status, String moment) {
        Conditions.set(status, "DisruptionAllowed", "False", moment)
                .put("reason", "InsufficientPods")
                .put("message", "")
                .set("observedGeneration", status.path("observedGeneration"));
    }

    private static ApiFailure tooMany(String cause, int retryAfterSeconds) {
        return new ApiFailure(
                StatusReason.TOO_MANY_REQUESTS,
                "Cannot evict pod as it would violate the pod's disruption budget.",
                StatusDetails.NONE
                        .withCauses(List.of(new StatusDetails.Cause("DisruptionBudget", cause, "")))
                        .withRetryAfter(retryAfterSeconds));
    }

    private static ApiFailure forbidden(String budget, String why) {
        return new ApiFailure(
                StatusReason.FORBIDDEN,
                "poddisruptionbudget.policy \"%s\" is forbidden: %s".formatted(budget, why),
                StatusDetails.of(budget, "policy", "poddisruptionbudget"));
    }
}
