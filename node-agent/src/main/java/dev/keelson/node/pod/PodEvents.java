package dev.keelson.node.pod;

import dev.keelson.node.pod.spec.DesiredPod;

/** Tells people what happens to a pod, as Kubernetes Events. Never blocks and never fails. */
public interface PodEvents {

    /** @param container whose event it is; empty for the pod as a whole */
    void normal(DesiredPod pod, String container, String reason, String message);

    /** @param container whose event it is; empty for the pod as a whole */
    void warning(DesiredPod pod, String container, String reason, String message);
}
