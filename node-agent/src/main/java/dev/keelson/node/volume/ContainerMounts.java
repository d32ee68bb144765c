package dev.keelson.node.volume;

import dev.keelson.node.NodeException;
import dev.keelson.node.container.Expansion;
import dev.keelson.node.pod.DesiredContainer;
import dev.keelson.node.pod.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.Mount;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.Volume;
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
    private final List<VolumePlugin> plugins;
    private final TmpfsMounter mounter;

    ContainerMounts(PodDirectories directories, List<VolumePlugin> plugins, TmpfsMounter mounter) {
        this.directories = directories;
        this.plugins = plugins;
        this.mounter = mounter;
    }

    /** @param env the container's variables, for {@code subPathExpr} */
    public List<Mount> of(
            DesiredPod pod, DesiredContainer container, int attempt, PodSandbox sandbox, Map<String, String> env) {
        List<Mount> mounts = new ArrayList<>();
        List<VolumeMount> wanted = container.spec().getVolumeMounts();
        try {
            for (int index = 0; index < wanted.size(); index++) {
                mounts.add(mount(pod, container, wanted.get(index), index, sandbox, env));
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

    private Mount mount(
            DesiredPod pod,
            DesiredContainer container,
            VolumeMount wanted,
            int index,
            PodSandbox sandbox,
            Map<String, String> env)
            throws IOException {
        Volume volume = pod.object().getSpec().getVolumes().stream()
                .filter(candidate -> candidate.getName().equals(wanted.getName()))
                .findFirst()
                .orElseThrow(() -> wrong("container \"%s\" mounts volume \"%s\", which the pod does not have"
                        .formatted(container.name(), wanted.getName())));
        VolumePlugin plugin = plugins.stream()
                .filter(candidate -> candidate.handles(volume))
                .findFirst()
                .orElseThrow(
                        () -> wrong("volume \"%s\" is of a type that is not supported".formatted(volume.getName())));
        Path source = plugin.path(volume, directories.volume(pod.uid(), volume.getName()));
        String subPath = subPath(wanted, env);
        if (!subPath.isEmpty()) {
            source = bindSubPath(pod, container, index, source, subPath, sandbox);
        }
        boolean readOnly = plugin.readOnly() || Boolean.TRUE.equals(wanted.getReadOnly());
        return new Mount(source, wanted.getMountPath(), readOnly, plugin.idmapped() && sandbox.rootUid() != 0);
    }

    private static String subPath(VolumeMount wanted, Map<String, String> env) {
        String expression = Objects.requireNonNullElse(wanted.getSubPathExpr(), "");
        String path = expression.isEmpty()
                ? Objects.requireNonNullElse(wanted.getSubPath(), "")
                : Expansion.expand(expression, env);
        if (path.startsWith("/") || Path.of(path).normalize().startsWith("..")) {
            throw wrong("subPath \"%s\" must be relative and stay inside the volume".formatted(path));
        }
        return path;
    }

    /**
     * A container may plant links in its volume, so the sub-path is resolved by the kernel beneath the volume's root
     * and bound where containers cannot reach; the engine mounts that.
     */
    private Path bindSubPath(
            DesiredPod pod, DesiredContainer container, int index, Path root, String subPath, PodSandbox sandbox)
            throws IOException {
        Path target = directories.subPath(pod.uid(), container.name(), index);
        mounter.unmount(target);
        SubPaths.create(root, subPath, Ownership.of(sandbox.rootUid(), java.util.OptionalInt.empty()));
        mounter.bindBeneath(root, subPath, target);
        return target;
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

    private static NodeException wrong(String message) {
        return new NodeException(NodeException.Kind.INVALID, "CreateContainerConfigError", message);
    }
}
