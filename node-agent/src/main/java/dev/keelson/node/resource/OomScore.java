package dev.keelson.node.resource;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;

/**
 * Whom the kernel ends first when the whole machine is out of memory, in the units of {@code oom_score_adj}, proc(5).
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#node-out-of-memory-behavior">
 *     Node out of memory behavior</a>
 */
public final class OomScore {
    private static final int GUARANTEED = -997;
    private static final int BEST_EFFORT = 1000;

    private OomScore() {}

    /** @param memoryCapacity bytes of memory that the node has */
    public static int of(PodSpec pod, Container container, long memoryCapacity) {
        if (Priorities.isNodeCritical(pod)) {
            return GUARANTEED;
        }
        return switch (QosClass.of(pod)) {
            case GUARANTEED -> GUARANTEED;
            case BEST_EFFORT -> BEST_EFFORT;
            case BURSTABLE ->
                burstable(Amounts.requests(container).bytes("memory") + PodTotals.memoryToShare(pod), memoryCapacity);
        };
    }

    /** The larger its request, the less of its use is beyond it; never better than guaranteed, nor as bad as best effort. */
    private static int burstable(long request, long capacity) {
        long share = 1000 * request / Math.max(1, capacity);
        return Math.clamp(1000 - share, 1000 + GUARANTEED, BEST_EFFORT - 1);
    }
}
