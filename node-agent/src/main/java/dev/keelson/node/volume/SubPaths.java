package dev.keelson.node.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Creates what a {@code subPath} names when it is missing, without following links that a container planted. */
final class SubPaths {
    private SubPaths() {}

    static void create(Path root, String subPath, Ownership owner) throws IOException {
        Path at = root;
        for (Path part : Path.of(subPath).normalize()) {
            at = at.resolve(part);
            if (Files.isSymbolicLink(at)) {
                return; // Exists; the kernel decides where it leads when it is bound.
            }
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(at);
                owner.give(at);
            }
        }
    }
}
