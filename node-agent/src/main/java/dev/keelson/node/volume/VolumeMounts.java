package dev.keelson.node.volume;

import dev.keelson.node.NodeException;
import dev.keelson.node.container.Expansion;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig.Access;
import dev.keelson.node.runtime.ContainerConfig.HostPath;
import dev.keelson.node.runtime.ContainerConfig.Mount;
import dev.keelson.node.runtime.ContainerConfig.Propagation;
import dev.keelson.node.runtime.ContainerConfig.Source;
import dev.keelson.node.runtime.PodSandbox;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Turns one entry of a container's {@code volumeMounts} into a mount (Kubernetes: "Volumes"). */
final class VolumeMounts {
    private final PodDirectories directories;
    private final List<VolumePlugin> plugins;

    VolumeMounts(PodDirectories directories, List<VolumePlugin> plugins) {
        this.directories = directories;
        this.plugins = plugins;
    }

    /** @param env the container's variables, for {@code subPathExpr} */
    Mount of(
            DesiredPod pod, DesiredContainer container, VolumeMount wanted, PodSandbox sandbox, Map<String, String> env)
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
        Path directory = plugin.directory(directories, pod.uid(), volume.getName());
        Source source = plugin.source(pod, volume, directory, subPath(container, wanted, env));
        boolean shifted = plugin.idmapped() && sandbox.rootUid() != 0;
        prepare(container, wanted, source, shifted ? 0 : sandbox.rootUid());
        return new Mount(
                source,
                wanted.getMountPath(),
                access(plugin, wanted),
                propagation(container, wanted, source, sandbox),
                shifted);
    }

    private static String subPath(DesiredContainer container, VolumeMount wanted, Map<String, String> env) {
        String expression = Objects.requireNonNullElse(wanted.getSubPathExpr(), "");
        Set<String> unknown = Expansion.unknown(expression, env);
        if (!unknown.isEmpty()) {
            throw subPathFailed(
                    container,
                    wanted,
                    "its subPathExpr uses " + String.join(", ", unknown)
                            + ", which the container's environment does not have");
        }
        String path = expression.isEmpty()
                ? Objects.requireNonNullElse(wanted.getSubPath(), "")
                : Expansion.expand(expression, env);
        if (!SubPaths.isInside(path)) {
            throw subPathFailed(container, wanted, "\"%s\" must be relative and must not contain '..'".formatted(path));
        }
        return path;
    }

    private static void prepare(DesiredContainer container, VolumeMount wanted, Source source, int owner) {
        if (!(source instanceof HostPath(Path root, String subPath)) || subPath.isEmpty()) {
            return;
        }
        try {
            SubPaths.prepare(root, subPath, owner);
        } catch (IOException refused) {
            throw subPathFailed(container, wanted, refused.getMessage());
        }
    }

    /**
     * Read-only means all that is mounted below as well, unless {@code recursiveReadOnly} is written down as Disabled:
     * the kernel's call for it is always there, and nobody expects "readOnly" to have holes.
     */
    private static Access access(VolumePlugin plugin, VolumeMount wanted) {
        if (!plugin.readOnly() && !Boolean.TRUE.equals(wanted.getReadOnly())) {
            return Access.READ_WRITE;
        }
        return "Disabled".equals(wanted.getRecursiveReadOnly()) ? Access.READ_ONLY : Access.READ_ONLY_WITH_ALL_BELOW;
    }

    private static Propagation propagation(
            DesiredContainer container, VolumeMount wanted, Source source, PodSandbox sandbox) {
        Propagation propagation =
                switch (Objects.requireNonNullElse(wanted.getMountPropagation(), "None")) {
                    case "None" -> Propagation.PRIVATE;
                    case "HostToContainer" -> Propagation.FROM_HOST;
                    case "Bidirectional" -> Propagation.BOTH_WAYS;
                    default ->
                        throw wrong(
                                "container \"%s\": mountPropagation \"%s\" is not known; use None, HostToContainer or "
                                        + "Bidirectional".formatted(container.name(), wanted.getMountPropagation()));
                };
        if (propagation == Propagation.BOTH_WAYS) {
            checkBothWays(container, wanted, sandbox);
        }
        if (propagation != Propagation.PRIVATE && source instanceof HostPath(Path path, String _)) {
            checkPassedOn(container, wanted, path, propagation);
        }
        return propagation;
    }

    private static void checkBothWays(DesiredContainer container, VolumeMount wanted, PodSandbox sandbox) {
        boolean privileged = Optional.ofNullable(container.spec().getSecurityContext())
                .map(SecurityContext::getPrivileged)
                .orElse(false);
        if (!privileged || sandbox.rootUid() != 0) {
            throw wrong(("container \"%s\": mountPropagation Bidirectional of volume \"%s\" puts mounts into the host, "
                            + "which only a privileged container on the host's users (hostUsers: true) may do")
                    .formatted(container.name(), wanted.getName()));
        }
    }

    private static void checkPassedOn(
            DesiredContainer container, VolumeMount wanted, Path path, Propagation propagation) {
        MountPoint mount = MountPoint.of(path);
        boolean passed = mount.shared() || (mount.receives() && propagation == Propagation.FROM_HOST);
        if (!passed) {
            throw wrong(
                    ("container \"%s\": volume \"%s\" cannot have mountPropagation %s: the host's mount %s is private; "
                                    + "`mount --make-shared %s` changes that")
                            .formatted(
                                    container.name(),
                                    wanted.getName(),
                                    wanted.getMountPropagation(),
                                    mount.path(),
                                    mount.path()));
        }
    }

    private static NodeException subPathFailed(DesiredContainer container, VolumeMount wanted, String why) {
        return wrong("failed to prepare subPath for volumeMount \"%s\" of container \"%s\": %s"
                .formatted(wanted.getName(), container.name(), why));
    }

    private static NodeException wrong(String message) {
        return new NodeException(NodeException.Kind.INVALID, "CreateContainerConfigError", message);
    }
}
