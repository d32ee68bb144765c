package dev.keelson.node.pod;

import dev.keelson.node.image.Image;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.Resources;
import java.util.List;
import java.util.Optional;

/** Turns pod specs into what the engine runs; fails with NodeException, reason {@code CreateContainerConfigError}. */
public interface ContainerConfigs {

    PodSandboxConfig sandbox(DesiredPod pod);

    /** The limits of one container as its spec says now. */
    Resources limits(DesiredPod pod, DesiredContainer container);

    /** @param processesOf id of the run whose process namespace this container joins */
    ContainerConfig container(
            DesiredPod pod,
            DesiredContainer container,
            int attempt,
            Image image,
            PodSandbox sandbox,
            List<String> podIps,
            Optional<String> processesOf);
}
