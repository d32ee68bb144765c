package dev.keelson.node.runtime.engine;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Which namespaces an OCI runtime has to make for a container, and which are the pod's own. */
final class OciNamespaces {
    private OciNamespaces() {}

    /**
     * The runtime specification's types, each with the path of the namespace to join, or empty for a new one.
     *
     * @param target pid of a process whose process namespace the container joins
     */
    static Map<String, Optional<Path>> of(Supervisor supervisor, SandboxRecord sandbox, Optional<Integer> target) {
        Map<String, Optional<Path>> namespaces = new LinkedHashMap<>();
        supervisor.namespace("user").ifPresent(path -> namespaces.put("user", Optional.of(path)));
        namespaces.put("network", supervisor.namespace("net"));
        namespaces.put("ipc", supervisor.namespace("ipc"));
        namespaces.put("uts", supervisor.namespace("uts"));
        namespaces.put("mount", Optional.empty());
        namespaces.put("cgroup", Optional.empty());
        if (!sandbox.hostPid()) {
            namespaces.put(
                    "pid",
                    target.map(pid -> Path.of("/proc/" + pid + "/ns/pid")).or(() -> supervisor.namespace("pidns")));
        }
        return namespaces;
    }
}
