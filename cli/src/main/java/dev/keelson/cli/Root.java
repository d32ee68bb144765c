package dev.keelson.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process may do what a node needs. */
final class Root {
    private Root() {}

    static void require(String command) {
        try {
            if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
                throw new CliException(
                        "keelson %s makes namespaces, mounts and network interfaces, so it must run as root: sudo ./keelson %s"
                                .formatted(command, command));
            }
        } catch (IOException e) {
            throw new CliException("cannot tell who runs this: " + e.getMessage(), e);
        }
    }
}
