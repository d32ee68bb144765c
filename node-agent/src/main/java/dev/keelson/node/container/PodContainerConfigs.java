package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.Image;
import dev.keelson.node.objects.ReferencedObjects;
import dev.keelson.node.pod.ContainerConfigs;
import dev.keelson.node.pod.spec.DesiredContainer;
import dev.keelson.node.pod.spec.DesiredPod;
import dev.keelson.node.runtime.ContainerConfig;
import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.volume.ContainerMounts;
import dev.keelson.node.volume.PodDirectories;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Merges pod spec, image and node into what the engine runs. */
public final class PodContainerConfigs implements ContainerConfigs {
    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final PodDirectories directories;
    private final Profiles profiles;
    private final ReferencedObjects objects;
    private final ContainerMounts mounts;
    private final String clusterDomain;
    private final Environment environment;
    private final ResourceLimits limits;

    /**
     * @param memoryCapacity bytes of memory that this node has
     * @param allocatable what this node offers to pods, for downward API limits that a container does not set
     */
    public PodContainerConfigs(
            PodDirectories directories,
            ContainerMounts mounts,
            ReferencedObjects objects,
            String hostIp,
            String clusterDomain,
            long memoryCapacity,
            Map<String, Quantity> allocatable,
            Profiles profiles) {
        this.directories = directories;
        this.profiles = profiles;
        this.objects = objects;
        this.mounts = mounts;
        this.clusterDomain = clusterDomain;
        this.environment = new Environment(objects, hostIp, allocatable);
        this.limits = new ResourceLimits(memoryCapacity, allocatable);
    }

    @Override
    public PodSandboxConfig sandbox(DesiredPod pod) {
        PodSpec spec = pod.object().getSpec();
        Map<String, String> sysctls = new LinkedHashMap<>();
        SecurityContexts.podContext(pod)
                .map(PodSecurityContext::getSysctls)
                .ifPresent(list -> list.forEach(sysctl -> sysctls.put(sysctl.getName(), sysctl.getValue())));
        return new PodSandboxConfig(
                pod.uid(),
                pod.namespace(),
                pod.name(),
                Hostnames.ofKernel(pod, clusterDomain),
                directories.logs(pod.uid(), pod.namespace(), pod.name()),
                namespaces(spec),
                sysctls,
                limits.ofPod(spec),
                runtimeHandler(pod));
    }

    private String runtimeHandler(DesiredPod pod) {
        String name = Objects.requireNonNullElse(pod.object().getSpec().getRuntimeClassName(), "");
        return name.isEmpty()
                ? ""
                : objects.runtimeHandler(name)
                        .orElseThrow(() -> new NodeException(
                                NodeException.Kind.INVALID,
                                "FailedCreatePodSandBox",
                                "RuntimeClass \"%s\" not found".formatted(name)));
    }

    /**
     * Every pod has users of its own unless it says {@code hostUsers: true}; Kubernetes' default is the other way
     * round. A privileged container is meant to act on the host, which it could not with users of its own.
     */
    private static NamespaceModes namespaces(PodSpec spec) {
        boolean privileged = java.util.stream.Stream.concat(
                        spec.getInitContainers().stream(), spec.getContainers().stream())
                .anyMatch(container -> container.getSecurityContext() != null
                        && Boolean.TRUE.equals(container.getSecurityContext().getPrivileged()));
        return new NamespaceModes(
                Boolean.TRUE.equals(spec.getHostNetwork()),
                Boolean.TRUE.equals(spec.getHostPID()),
                Boolean.TRUE.equals(spec.getHostIPC()),
                spec.getHostUsers() == null ? privileged : spec.getHostUsers(),
                Boolean.TRUE.equals(spec.getShareProcessNamespace()));
    }

    @Override
    public Resources limits(DesiredPod pod, DesiredContainer container) {
        return limits.of(pod.object().getSpec(), container.spec());
    }

    @Override
    public ContainerConfig container(
            DesiredPod pod,
            DesiredContainer desired,
            int attempt,
            Image image,
            PodSandbox sandbox,
            List<String> podIps,
            Optional<String> processesOf) {
        Container spec = desired.spec();
        PodIds.check(pod, spec, sandbox);
        Map<String, String> env = environment.of(pod, spec, podIps);
        Image.ImageConfig config = image.config();
        String signal = config.stopSignal().isEmpty() ? "SIGTERM" : config.stopSignal();
        return new ContainerConfig(
                pod.uid(),
                desired.name(),
                attempt,
                desired.image(),
                image.id(),
                image.layers(),
                CommandLine.of(spec, config, env),
                variables(pod, config, env),
                Objects.requireNonNullElse(spec.getWorkingDir(), config.workingDir()),
                SecurityContexts.user(pod, spec, config.user()),
                SecurityContexts.supplementalGroups(pod),
                mounts.of(pod, desired, attempt, sandbox, env),
                directories.log(pod.uid(), pod.namespace(), pod.name(), desired.name(), attempt),
                new ContainerConfig.Stdio(
                        Boolean.TRUE.equals(spec.getStdin()),
                        Boolean.TRUE.equals(spec.getStdinOnce()),
                        Boolean.TRUE.equals(spec.getTty())),
                stopSignal(spec, signal),
                SecurityContexts.of(pod, spec, profiles, sandbox.rootUid() != 0),
                limits(pod, desired),
                processesOf);
    }

    /** {@code lifecycle.stopSignal} (Kubernetes 1.33) wins over the image's. */
    private static String stopSignal(Container spec, String ofImage) {
        return spec.getLifecycle() == null
                ? ofImage
                : Objects.requireNonNullElse(spec.getLifecycle().getStopSignal(), ofImage);
    }

    private List<String> variables(DesiredPod pod, Image.ImageConfig image, Map<String, String> env) {
        Map<String, String> merged = new LinkedHashMap<>();
        merged.put("PATH", DEFAULT_PATH);
        merged.put("HOSTNAME", Hostnames.ofKernel(pod, clusterDomain));
        image.env().forEach(entry -> {
            int split = entry.indexOf('=');
            merged.put(split < 0 ? entry : entry.substring(0, split), split < 0 ? "" : entry.substring(split + 1));
        });
        merged.putAll(env);
        List<String> lines = new ArrayList<>();
        merged.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }
}
