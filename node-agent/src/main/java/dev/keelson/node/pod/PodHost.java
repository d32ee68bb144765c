package dev.keelson.node.pod;

import dev.keelson.node.pod.plan.PodAdmission;
import dev.keelson.node.probe.Probes;
import dev.keelson.node.runtime.RuntimeService;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * Everything that a pod's worker acts through.
 *
 * @param background where slow steps run (pulls, stops, hooks); one virtual thread each
 */
public record PodHost(
        RuntimeService runtime,
        PodImages images,
        NodeNetwork network,
        PodVolumes volumes,
        ContainerConfigs configs,
        Probes probes,
        PodHooks hooks,
        PodEvents events,
        PodReporter reporter,
        NodeRoom room,
        PodAdmission admission,
        InstantSource clock,
        Executor background) {}
