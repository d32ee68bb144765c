package dev.keelson.node.pod;

import dev.keelson.node.pod.plan.PodObserved;
import dev.keelson.node.pod.spec.DesiredPod;
import java.time.Instant;

/** Carries a pod's state to the API server. */
public interface PodReporter {

    /** Computes the status and hands it over; returns before it is written. Later reports replace earlier ones. */
    void report(DesiredPod pod, PodObserved seen, Instant now);

    /**
     * Writes the final status and deletes the pod without grace, guarded by its uid; a pod that is gone already is
     * fine. Blocks; fails with {@link dev.keelson.node.NodeException}.
     */
    void finish(DesiredPod pod, PodObserved seen, Instant now);

    /** Drops what is kept for a pod that is gone. */
    void forget(String podUid);
}
