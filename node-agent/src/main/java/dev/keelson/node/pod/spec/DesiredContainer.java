package dev.keelson.node.pod.spec;

import dev.keelson.node.probe.ProbeSpec;
import io.fabric8.kubernetes.api.model.Container;
import java.time.Duration;
import java.util.Optional;

/**
 * One container of a pod's spec, as far as deciding about it needs.
 *
 * @param restartPolicy the pod's policy, {@code ALWAYS} for a sidecar, {@code NEVER} for an ephemeral one
 * @param sidecar an init container that keeps running beside the main ones (restartPolicy Always)
 * @param target name of the container whose processes an ephemeral one sees; empty for its own only
 * @param spec the API object it was read from; never changed
 */
public record DesiredContainer(
        String name,
        String image,
        PullPolicy pullPolicy,
        RestartPolicy restartPolicy,
        Role role,
        Optional<ProbeSpec> startup,
        Optional<ProbeSpec> liveness,
        Optional<ProbeSpec> readiness,
        String target,
        Container spec) {

    /** What a container is for in its pod. */
    public enum Role {
        /** Runs to its end before the next one and before the main containers start. */
        INIT,
        /** An init container with restartPolicy Always: must have started, and then runs beside the main ones. */
        SIDECAR,
        MAIN,
        /** Added to a running pod to look at it; started at once, never again (kubectl debug). */
        EPHEMERAL
    }

    public boolean hasPostStart() {
        return spec.getLifecycle() != null && spec.getLifecycle().getPostStart() != null;
    }

    public DesiredImage desiredImage() {
        return new DesiredImage(DesiredImage.Use.CONTAINER, name, image, pullPolicy);
    }

    /** How long the container may take to stop after a failed probe: the probe's own grace period, else the pod's. */
    public Duration graceAfter(Optional<ProbeSpec> probe, Duration podGrace) {
        return probe.flatMap(ProbeSpec::terminationGrace)
                .map(DesiredPods::bounded)
                .orElse(podGrace);
    }
}
