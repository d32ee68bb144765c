package dev.keelson.cli.command.image;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that an archive is written to: it is there as a whole or not at all, and what was there before stays till then. */
final class ArchiveFile {
    private ArchiveFile() {}

    /** @param target also a device or a pipe, such as {@code /dev/stdout}, which is written to and not replaced */
    static void write(InputStream archive, Path target) throws IOException {
        if (Files.isDirectory(target)) {
            throw new CliException(target + " is a directory: name a file in it, or use --layout for an OCI layout");
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            try (OutputStream out = Files.newOutputStream(target)) {
                archive.transferTo(out);
            }
            return;
        }
        Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        Path directory = file.getParent();
        if (!Files.isDirectory(directory)) {
            throw new CliException("cannot write " + target + ": there is no directory " + directory);
        }
        Path part = Files.createTempFile(directory, "." + file.getFileName(), ".part");
        try {
            Files.copy(archive, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
