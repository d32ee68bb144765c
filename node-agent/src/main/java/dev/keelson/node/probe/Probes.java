package dev.keelson.node.probe;

import java.util.List;

/** Probes of running containers. Thread-safe. */
public interface Probes {

    /** Probes this run from now on, if its container has probes; answers false when that is so already. */
    boolean watch(ProbeTarget target);

    ProbeVerdict verdict(String containerId);

    /** Ends liveness and startup probes of a pod that is being stopped; readiness goes on. */
    void terminating(String podUid);

    /** Keeps only the probes of these runs of the pod. */
    void retain(String podUid, List<String> containerIds);
}
