package dev.keelson.node.runtime;

import java.nio.file.Path;
import java.util.Map;

/**
 * @param uid the pod's uid, which is also the sandbox's id
 * @param hostname what the uts namespace says
 * @param logDirectory where the containers' CRI log files go
 * @param sysctls namespaced sysctls to set, name to value
 * @param cgroup limits of the pod as a whole
 * @param runtimeHandler which OCI runtime makes the containers, a RuntimeClass's {@code handler}; empty for the engine itself
 */
public record PodSandboxConfig(
        String uid,
        String namespace,
        String name,
        String hostname,
        Path logDirectory,
        NamespaceModes namespaces,
        Map<String, String> sysctls,
        Resources cgroup,
        String runtimeHandler) {

    /** A sandbox whose containers the engine runs itself. */
    public PodSandboxConfig(
            String uid,
            String namespace,
            String name,
            String hostname,
            Path logDirectory,
            NamespaceModes namespaces,
            Map<String, String> sysctls,
            Resources cgroup) {
        this(uid, namespace, name, hostname, logDirectory, namespaces, sysctls, cgroup, "");
    }

    /** Which namespaces the pod shares with the host or among its containers; all false is the default pod. */
    public record NamespaceModes(
            boolean hostNetwork, boolean hostPid, boolean hostIpc, boolean hostUsers, boolean sharedPid) {
        public static final NamespaceModes PRIVATE = new NamespaceModes(false, false, false, false, false);

        /** A pod that shares any namespace with the host cannot have its own users: the host's users own that one. */
        public boolean sharesUsersWithHost() {
            return hostUsers || hostNetwork || hostPid || hostIpc;
        }
    }

    public PodSandboxConfig {
        sysctls = Map.copyOf(sysctls);
    }
}
