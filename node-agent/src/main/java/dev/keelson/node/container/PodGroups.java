package dev.keelson.node.container;

import dev.keelson.node.pod.spec.DesiredPod;
import java.util.OptionalInt;

/** The groups that a pod's volumes and processes share. */
public final class PodGroups {
    private PodGroups() {}

    /** {@code securityContext.fsGroup}: the group that volumes belong to. */
    public static OptionalInt fsGroup(DesiredPod pod) {
        var context = pod.object().getSpec().getSecurityContext();
        return context == null || context.getFsGroup() == null
                ? OptionalInt.empty()
                : OptionalInt.of(context.getFsGroup().intValue());
    }
}
