package dev.keelson.node.pod.plan;

import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredImage;
import java.nio.file.Path;
import java.time.Duration;

/** One step towards what a pod should be. Every step may be repeated without harm. */
public sealed interface PodAction {

    /** Creates namespaces, cgroup and supervisor. */
    record RunSandbox() implements PodAction {}

    /** Gives up namespaces and whatever still runs in them; records and logs stay. */
    record StopSandbox() implements PodAction {}

    /** Removes the sandbox and every record of its containers. */
    record RemoveSandbox(String reason) implements PodAction {}

    record AttachNetwork() implements PodAction {}

    record DetachNetwork() implements PodAction {}

    record MountVolumes() implements PodAction {}

    record UnmountVolumes() implements PodAction {}

    /** Fetches an image in the background. */
    record PullImage(DesiredImage image) implements PodAction {}

    /** Creates and starts one run of a container. */
    record StartContainer(DesiredContainer container, int attempt) implements PodAction {}

    /** Runs the postStart hook of a run that has begun, in the background. */
    record RunPostStart(DesiredContainer container, String containerId) implements PodAction {}

    /** Sends the pod's traffic elsewhere, in the background. */
    record Drain(Duration limit) implements PodAction {}

    /**
     * Stops a run in the background: preStop hook, stop signal, grace period, kill.
     *
     * @param reason why, as the event tells it
     * @param hook whether a preStop hook is run first
     */
    record StopContainer(String containerId, String container, Duration grace, String reason, boolean hook)
            implements PodAction {}

    /** Gives the pod as a whole the limits that its spec says now, and with it the containers that have none of their own. */
    record ResizePod() implements PodAction {}

    /** Gives a running container the limits that its spec says now. */
    record ResizeContainer(DesiredContainer container, String containerId) implements PodAction {}

    /** Removes an old run's record and log. */
    record RemoveContainer(String containerId, Path logFile) implements PodAction {}

    /** Tells the API server that the pod has ended: final status, then deletion without grace. */
    record DeleteFromApi() implements PodAction {}

    /** Removes the pod's directory and logs; nothing is left to do for it. */
    record Forget() implements PodAction {}
}
