package dev.keelson.cli.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A program out of a Debian package that is not installed: other versions of it may be, and it brings no service up. */
final class DebianPackage {
    private DebianPackage() {}

    /**
     * Unpacks the package below a directory.
     *
     * @param program its path in the package, such as {@code usr/bin/kubectl}
     */
    static Path program(String name, String program, Path directory) {
        try {
            Path target = Files.createDirectories(directory.resolve(name));
            if (download(name, target).code() != 0) {
                Shell.run(Map.of(), "", List.of("apt-get", "update", "-qq")).ok();
                download(name, target).ok();
            }
            try (Stream<Path> files = Files.list(target)) {
                Path archive = files.filter(file -> file.toString().endsWith(".deb"))
                        .findFirst()
                        .orElseThrow();
                Shell.run(Map.of(), "", List.of("dpkg", "-x", archive.toString(), target.toString()))
                        .ok();
            }
            return target.resolve(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Shell.Result download(String name, Path target) {
        return Shell.run(
                Map.of(),
                "",
                List.of("sh", "-c", "cd \"$1\" && apt-get download -qq \"$2\"", "sh", target.toString(), name));
    }
}
