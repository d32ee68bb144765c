package dev.keelson.node.volume;

import dev.keelson.node.NodeException;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.Mount;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a container sees of its pod's volumes and files. */
public final class ContainerMounts {
    private static final String TERMINATION_LOG = "/dev/termination-log";

    private final PodDirectories directories;
    private final VolumeMounts volumes;

    ContainerMounts(PodDirectories directories, List<VolumePlugin> plugins) {
        this.directories = directories;
        this.volumes = new VolumeMounts(directories, plugins);
    }

    /** @param env the container's variables, for {@code subPathExpr} */
    public List<Mount> of(
            DesiredPod pod, DesiredContainer container, int attempt, PodSandbox sandbox, Map<String, String> env) {
        List<Mount> mounts = new ArrayList<>();
        List<VolumeMount> wanted = container.spec().getVolumeMounts();
        try {
            for (VolumeMount mount : wanted) {
                mounts.add(volumes.of(pod, container, mount, sandbox, env));
            }
            ownFiles(pod, wanted, mounts);
            mounts.add(terminationLog(pod, container, attempt, sandbox));
        } catch (IOException failure) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT,
                    "CreateContainerConfigError",
                    "container \"%s\": %s".formatted(container.name(), failure),
                    failure);
        }
        return mounts;
    }

    private void ownFiles(DesiredPod pod, List<VolumeMount> wanted, List<Mount> mounts) {
        for (String name : List.of("hosts", "resolv.conf", "hostname")) {
            String destination = "/etc/" + name;
            boolean overridden =
                    wanted.stream().anyMatch(mount -> mount.getMountPath().equals(destination));
            if (!overridden) {
                mounts.add(new Mount(directories.file(pod.uid(), name), destination, false, false));
            }
        }
    }

    private Mount terminationLog(DesiredPod pod, DesiredContainer container, int attempt, PodSandbox sandbox)
            throws IOException {
        Path file = directories.terminationLog(pod.uid(), container.name(), attempt);
        Files.createDirectories(file.getParent());
        if (!Files.exists(file)) {
            Files.createFile(file);
            Ownership.of(sandbox.rootUid(), java.util.OptionalInt.empty()).give(file);
            // Written by whatever user the container runs as.
            Ownership.setMode(file, 0666);
        }
        String path = Objects.requireNonNullElse(container.spec().getTerminationMessagePath(), TERMINATION_LOG);
        return new Mount(file, path, false, false);
    }
}
