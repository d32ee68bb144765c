package dev.keelson.node.pod;

import dev.keelson.node.probe.ProbeVerdict;
import dev.keelson.node.runtime.ContainerStatus;
import java.util.List;

/** Probes of running containers. */
public interface PodProbes {

    /**
     * Probes this run from now on, if its container has probes; repeating it changes nothing.
     *
     * @param before what was reported of this run before this agent started, so that a restart of the agent never
     *     makes a ready container unready
     */
    void watch(
            DesiredPod pod, DesiredContainer container, ContainerStatus run, List<String> podIps, ProbeVerdict before);

    ProbeVerdict verdict(String containerId);

    /** Stops liveness and startup probes of a pod that is being stopped; readiness goes on. */
    void terminating(String podUid);

    /** Keeps only the probes of these runs of the pod. */
    void retain(String podUid, List<String> containerIds);
}
