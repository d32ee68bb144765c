package dev.keelson.node.pod;

import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerStatus;
import java.time.Duration;
import java.util.List;

/** Runs lifecycle hooks (Kubernetes: "Container Lifecycle Hooks"). Blocking; fails with NodeException. */
public interface PodHooks {

    void postStart(DesiredPod pod, DesiredContainer container, ContainerStatus run, List<String> podIps);

    /** Gives up, silently, after {@code limit}. */
    void preStop(DesiredPod pod, DesiredContainer container, ContainerStatus run, List<String> podIps, Duration limit);
}
