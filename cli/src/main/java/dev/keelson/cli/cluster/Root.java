package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process may do what a node needs. */
public final class Root {
    private Root() {}

    public static void require(String command) {
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
