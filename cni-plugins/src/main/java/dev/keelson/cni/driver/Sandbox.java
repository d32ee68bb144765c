package dev.keelson.cni.driver;

import java.nio.file.Path;
import java.util.List;

/**
 * The CNM sandbox: a container's network namespace with what it wants of the host.
 *
 * @param owner for people, {@code namespace/name} of the pod
 * @param networkNamespace path to open for setns
 * @param ports ports of the host that lead into the sandbox
 */
public record Sandbox(SandboxId id, String owner, Path networkNamespace, List<PortBinding> ports) {
    public Sandbox {
        ports = List.copyOf(ports);
    }
}
