package dev.keelson.node.container;

import dev.keelson.node.NodeException;
import dev.keelson.node.runtime.ContainerConfig.Seccomp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The profiles that {@code seccompProfile} of type Localhost may name (Kubernetes: "Restrict a Container's Syscalls with
 * seccomp").
 *
 * @param directory {@code DATA_DIR/seccomp}, which belongs to the node's administrator
 */
public record SeccompFiles(Path directory) {
    private static final long LARGEST = 1 << 20;

    Seccomp.Profile read(String name) {
        Path relative = Path.of(name);
        Path file = directory.resolve(relative).normalize();
        if (name.isEmpty() || relative.isAbsolute() || !file.startsWith(directory)) {
            throw wrong("localhostProfile \"%s\" must be a path below %s".formatted(name, directory));
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw wrong("seccomp profile %s is larger than %d bytes".formatted(file, LARGEST));
            }
            return new Seccomp.Profile(name, Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw wrong("cannot read seccomp profile %s: put it there, or use RuntimeDefault (%s)"
                    .formatted(file, unreadable.getClass().getSimpleName()));
        }
    }

    private static NodeException wrong(String message) {
        return new NodeException(NodeException.Kind.INVALID, "CreateContainerConfigError", message);
    }
}
