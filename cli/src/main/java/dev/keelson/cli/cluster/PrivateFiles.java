package dev.keelson.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Replaces files in one step, so that a reader sees the old content or the new, and never more than it may. */
public final class PrivateFiles {
    private PrivateFiles() {}

    /** Writes a file that only its owner may read. */
    public static void write(Path file, String content) throws IOException {
        write(file, content, "rw-------");
    }

    /** @param mode as in {@code rw-r--r--}; set before the first byte is written */
    public static void write(Path file, String content, String mode) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(temporary);
        Files.createFile(temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        Files.writeString(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
