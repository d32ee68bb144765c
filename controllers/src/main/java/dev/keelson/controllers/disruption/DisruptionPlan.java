package dev.keelson.controllers.disruption;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a budget's status should say. */
sealed interface DisruptionPlan {

    /**
     * The pods could be counted.
     *
     * @param disrupted the pods whose eviction was granted and has not begun, with the time of the grant
     * @param overdue pods whose eviction was granted two minutes ago and that nobody deleted
     * @param unmanaged pods without an owner, where the owners' scale is the measure
     * @param recheck when the first grant runs out
     */
    record Counted(
            int healthy,
            int desired,
            int expected,
            Map<String, Instant> disrupted,
            List<String> overdue,
            List<String> unmanaged,
            Optional<Instant> recheck)
            implements DisruptionPlan {
        public Counted {
            disrupted = Map.copyOf(disrupted);
            overdue = List.copyOf(overdue);
            unmanaged = List.copyOf(unmanaged);
        }

        /** A budget that expects no pods allows none: the first ones may come before anybody counts them. */
        int allowed() {
            return expected <= 0 ? 0 : Math.max(0, healthy - desired);
        }
    }

    /** It cannot be told how many pods there should be, so nothing is allowed. */
    record Failed(String reason) implements DisruptionPlan {}
}
