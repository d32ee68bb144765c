package dev.keelson.node.runtime.engine;

import dev.keelson.node.runtime.PodSandbox;
import dev.keelson.node.runtime.PodSandboxConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A sandbox as it is written down before it is made.
 *
 * @param rootUid first id of the pod's range; 0 when it shares the host's users
 * @param hostPid whether its containers see the host's processes
 * @param runtime program of the OCI runtime that makes its containers; empty for the engine itself
 * @param bootId the boot of the machine that its namespaces belong to
 */
record SandboxRecord(
        String uid,
        String namespace,
        String name,
        String hostname,
        int rootUid,
        boolean hostUsers,
        boolean hostPid,
        String runtime,
        String bootId,
        Instant createdAt) {
    static final int ID_RANGE = 65536;
    private static final int HOSTNAME_MAX = 64;
    private static final Pattern UID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,127}");
    // Everything that belongs to the pod's own namespaces (Kubernetes' namespaced sysctls), nothing of the host's.
    private static final Pattern SYSCTL =
            Pattern.compile("(kernel\\.(shm|msg)[a-z_]+|kernel\\.sem|fs\\.mqueue\\.[a-z_]+|net\\.[A-Za-z0-9_./-]+)");
    // As containerd and Docker: every port and ping without a privilege, since the network is the pod's own.
    private static final Map<String, String> NETWORK_DEFAULTS =
            Map.of("net.ipv4.ip_unprivileged_port_start", "0", "net.ipv4.ping_group_range", "0 65535");

    static SandboxRecord of(PodSandboxConfig config, int rootUid, String runtime, String bootId, Instant now) {
        if (!UID.matcher(config.uid()).matches()) {
            throw Failures.invalid("pod uid \"" + config.uid() + "\" is not a name of letters, digits, '-' and '.'");
        }
        String hostname = config.hostname();
        return new SandboxRecord(
                config.uid(),
                config.namespace(),
                config.name(),
                hostname.substring(0, Math.min(HOSTNAME_MAX, hostname.length())),
                rootUid,
                config.namespaces().sharesUsersWithHost(),
                config.namespaces().hostPid(),
                runtime,
                bootId,
                now);
    }

    byte[] spec(PodSandboxConfig config) {
        PodSandboxConfig.NamespaceModes modes = config.namespaces();
        Spec.Builder spec = Spec.builder()
                .add("uid", uid)
                .add("namespace", namespace)
                .add("name", name)
                .add("hostname", hostname)
                .add("root.uid", rootUid)
                .add("id.range", ID_RANGE)
                .add("boot", bootId)
                .add("oci.runtime", runtime)
                .add("created", createdAt)
                .flag("host.users", hostUsers)
                .flag("host.network", modes.hostNetwork())
                .flag("host.pid", modes.hostPid())
                .flag("host.ipc", modes.hostIpc())
                .flag("shared.pid", modes.sharedPid() && !modes.hostPid());
        if (!modes.hostNetwork()) {
            NETWORK_DEFAULTS.forEach((key, value) -> {
                if (!config.sysctls().containsKey(key)) {
                    spec.add("sysctl", key + "=" + value);
                }
            });
        }
        config.sysctls().forEach((key, value) -> spec.add("sysctl", checkSysctl(key, modes) + "=" + value));
        return spec.bytes();
    }

    private static String checkSysctl(String key, PodSandboxConfig.NamespaceModes modes) {
        boolean shared = key.startsWith("net.") ? modes.hostNetwork() : modes.hostIpc();
        if (!SYSCTL.matcher(key).matches() || key.contains("..") || shared) {
            throw Failures.invalid("sysctl " + key + " does not belong to the pod's own namespaces;"
                    + " only kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.* and net.* do");
        }
        return key;
    }

    static SandboxRecord read(Spec spec) {
        return new SandboxRecord(
                spec.get("uid"),
                spec.get("namespace"),
                spec.get("name"),
                spec.get("hostname"),
                spec.number("root.uid"),
                spec.is("host.users"),
                spec.is("host.pid"),
                spec.get("oci.runtime"),
                spec.get("boot"),
                Instant.parse(spec.get("created")));
    }

    /** @param namespace empty when the sandbox is not ready */
    PodSandbox sandbox(Optional<Path> networkNamespace) {
        return new PodSandbox(
                uid,
                namespace,
                name,
                networkNamespace.isPresent() ? PodSandbox.State.READY : PodSandbox.State.NOT_READY,
                networkNamespace.orElse(Path.of("/proc/0/ns/net")),
                rootUid,
                ID_RANGE,
                createdAt);
    }
}
