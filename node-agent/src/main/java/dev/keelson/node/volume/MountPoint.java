package dev.keelson.node.volume;

import dev.keelson.linux.Mounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The mount of this host that a path is on.
 *
 * @param shared mounts below it are passed on to its peers
 * @param receives mounts below its master are passed on to it
 */
record MountPoint(Path path, boolean shared, boolean receives) {

    static MountPoint of(Path path) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return of(path.toRealPath(), lines.toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param mountinfo lines of proc(5); of two mounts on one place the later one is seen */
    static MountPoint of(Path path, List<String> mountinfo) {
        MountPoint found = new MountPoint(Path.of("/"), false, false);
        for (String line : mountinfo) {
            MountPoint candidate = read(line);
            if (path.startsWith(candidate.path) && candidate.path.getNameCount() >= found.path.getNameCount()) {
                found = candidate;
            }
        }
        return found;
    }

    private static MountPoint read(String line) {
        String[] fields = line.split(" - ", 2)[0].split(" ");
        List<String> optional = List.of(fields).subList(6, fields.length);
        return new MountPoint(
                Path.of(Mounts.unescape(fields[4])),
                optional.stream().anyMatch(field -> field.startsWith("shared:")),
                optional.stream().anyMatch(field -> field.startsWith("master:")));
    }
}
