package dev.keelson.node.resource;

import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Objects;

/** What a pod's priority class says about how it is treated on its node (Kubernetes: "Pod Priority and Preemption"). */
public final class Priorities {
    private static final int SYSTEM_NODE_CRITICAL = 2_000_001_000;
    private static final int SYSTEM_CRITICAL = 2_000_000_000;

    private Priorities() {}

    public static int of(PodSpec pod) {
        return Objects.requireNonNullElse(pod.getPriority(), 0);
    }

    static boolean isNodeCritical(PodSpec pod) {
        return of(pod) >= SYSTEM_NODE_CRITICAL || "system-node-critical".equals(pod.getPriorityClassName());
    }

    /** A pod that is never evicted for the sake of its node: those of the classes {@code system-*-critical}. */
    public static boolean isCritical(PodSpec pod) {
        return of(pod) >= SYSTEM_CRITICAL || isNodeCritical(pod);
    }
}
