package dev.keelson.node.pod.spec;

import java.time.Duration;
import java.time.Instant;

/** What the API server says should become of a pod on this node. */
public sealed interface Lifecycle {

    /** The pod should run until its own policy says that it has finished. */
    record Wanted() implements Lifecycle {}

    /**
     * Somebody asked for the pod to be deleted.
     *
     * @param since when that was asked
     * @param deadline when what still runs is killed
     */
    record Terminating(Instant since, Instant deadline) implements Lifecycle {

        /** Time that is left for stopping, never less than {@code floor}: clocks of two machines may disagree. */
        public Duration remaining(Instant now, Duration floor) {
            Duration asked = Duration.between(since, deadline);
            Duration left = Duration.between(now, deadline);
            Duration least = asked.compareTo(floor) < 0 ? asked : floor;
            return DesiredPods.bounded(left.compareTo(least) < 0 ? least : left);
        }
    }

    /**
     * Nobody wants the pod any more; what is left of it on this node is to be removed.
     *
     * @param hooks whether preStop hooks run: not when the API server has already let go of the pod
     */
    record Gone(Duration grace, boolean hooks) implements Lifecycle {}
}
