package dev.keelson.node.pod.plan;

import dev.keelson.node.apparmor.ProfileChoice;
import dev.keelson.node.pod.spec.DesiredPod;
import io.fabric8.kubernetes.api.model.PodOS;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which pods this node refuses before it makes anything of them, as the kubelet's admission does. Pure.
 *
 * @param unsafe sysctls beyond the safe set that the node's owner allows
 * @param appArmor whether the kernel has it
 */
public record PodAdmission(UnsafeSysctls unsafe, boolean appArmor) {
    /** Kubernetes: "Using sysctls in a Kubernetes Cluster", the safe set; none reaches beyond the pod's namespaces. */
    private static final Set<String> SAFE_SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ping_group_range",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.tcp_wmem");

    /** @param reason in CamelCase, of the pod's status and of an Event */
    public record Refusal(String reason, String message) {}

    public Optional<Refusal> refusal(DesiredPod pod) {
        PodSpec spec = pod.object().getSpec();
        return operatingSystem(spec).or(() -> sysctls(spec)).or(() -> appArmor(pod));
    }

    /** What this node does not do although the pod asks for it, and what the pod can run without. */
    public static Optional<Refusal> ignored(DesiredPod pod) {
        boolean labels = Stream.concat(
                        Stream.ofNullable(pod.object().getSpec().getSecurityContext())
                                .map(PodSecurityContext::getSeLinuxOptions),
                        contexts(pod).map(SecurityContext::getSeLinuxOptions))
                .anyMatch(Objects::nonNull);
        return labels
                ? Optional.of(new Refusal(
                        "SELinuxIgnored",
                        "seLinuxOptions have no effect: this node gives no SELinux labels to processes and volumes"))
                : Optional.empty();
    }

    private static Stream<SecurityContext> contexts(DesiredPod pod) {
        return pod.allContainers()
                .map(container -> container.spec().getSecurityContext())
                .filter(Objects::nonNull);
    }

    private static Optional<Refusal> operatingSystem(PodSpec spec) {
        return Optional.ofNullable(spec.getOs())
                .map(PodOS::getName)
                .filter(name -> !name.equals("linux"))
                .map(_ ->
                        new Refusal("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS"));
    }

    private Optional<Refusal> sysctls(PodSpec spec) {
        List<Sysctl> wanted = Optional.ofNullable(spec.getSecurityContext())
                .map(PodSecurityContext::getSysctls)
                .orElse(List.of());
        return wanted.stream()
                .map(sysctl -> sysctl(spec, UnsafeSysctls.dotted(sysctl.getName())))
                .flatMap(Optional::stream)
                .findFirst()
                .map(message -> new Refusal("SysctlForbidden", "Pod was rejected: " + message));
    }

    private Optional<String> sysctl(PodSpec spec, String name) {
        if (!SAFE_SYSCTLS.contains(name) && !unsafe.allow(name)) {
            return Optional.of("forbidden sysctl: \"%s\" not allowlisted".formatted(name));
        }
        boolean network = UnsafeSysctls.namespace(name).equals(Optional.of(UnsafeSysctls.Namespace.NET));
        boolean shared = network ? Boolean.TRUE.equals(spec.getHostNetwork()) : Boolean.TRUE.equals(spec.getHostIPC());
        return shared
                ? Optional.of("forbidden sysctl: \"%s\" not allowed with host %s enabled"
                        .formatted(name, network ? "net" : "ipc"))
                : Optional.empty();
    }

    /** A profile that is demanded and not applied would be a promise that nobody keeps. */
    private Optional<Refusal> appArmor(DesiredPod pod) {
        return appArmor
                ? Optional.empty()
                : Stream.concat(pod.initContainers().stream(), pod.containers().stream())
                        .map(container -> ProfileChoice.of(pod.object(), container.spec()))
                        .filter(ProfileChoice::demanded)
                        .findFirst()
                        .map(choice -> new Refusal(
                                "AppArmor",
                                ("Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host, and a "
                                                + "profile of type %s is asked for: use type Unconfined or another node")
                                        .formatted(choice.getClass().getSimpleName())));
    }
}
