package dev.keelson.cli.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds who listens on a TCP port, from /proc/net/tcp and the processes' open sockets (proc(5)). */
public final class ListeningPorts {
    private static final String LISTEN = "0A";

    private ListeningPorts() {}

    /** {@code java (pid 4711)}, as far as this user may see it. */
    public static Optional<String> owner(int port) {
        return inodeOf(port, "/proc/net/tcp")
                .or(() -> inodeOf(port, "/proc/net/tcp6"))
                .flatMap(ListeningPorts::holder);
    }

    private static Optional<String> inodeOf(int port, String table) {
        try {
            List<String> lines = Files.readAllLines(Path.of(table));
            String suffix = ":%04X".formatted(port);
            return lines.stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(f -> f[1].endsWith(suffix) && f[3].equals(LISTEN))
                    .map(f -> f[9])
                    .findFirst();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<String> holder(String inode) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process, "socket:[" + inode + "]")) {
                    String name = Files.readString(process.resolve("comm")).strip();
                    return Optional.of(name + " (pid " + process.getFileName() + ")");
                }
            }
        } catch (IOException unreadable) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean holds(Path process, String socket) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path file : files) {
                if (Files.readSymbolicLink(file).toString().equals(socket)) {
                    return true;
                }
            }
        } catch (IOException goneOrForbidden) {
            return false;
        }
        return false;
    }
}
