package dev.keelson.node.pod.plan;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to do for a pod now, in order, and when to look again although nothing has happened.
 *
 * @param wakeAt the earliest moment at which waiting alone changes the plan
 */
public record PodActions(List<PodAction> actions, Optional<Instant> wakeAt) {
    public PodActions {
        actions = List.copyOf(actions);
    }

    /** Collects a plan; the earliest wake-up wins. */
    static final class Builder {
        private final List<PodAction> actions = new ArrayList<>();
        private Optional<Instant> wakeAt = Optional.empty();

        Builder add(PodAction action) {
            actions.add(action);
            return this;
        }

        Builder wake(Instant at) {
            wakeAt = Optional.of(wakeAt.filter(earlier -> earlier.isBefore(at)).orElse(at));
            return this;
        }

        boolean isEmpty() {
            return actions.isEmpty();
        }

        PodActions build() {
            return new PodActions(actions, wakeAt);
        }
    }
}
