package dev.keelson.cli.command.image;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An OCI layout directory (image-layout.md) to and from the tar of it, which an oci-archive is. */
final class LayoutTar {
    /** What a layout consists of; nothing else is written, whatever an archive holds. */
    private static final Pattern MEMBER = Pattern.compile("oci-layout|index\\.json|blobs/[a-z0-9]+/[0-9a-f]{64,128}");

    private LayoutTar() {}

    static void pack(Path layout, Path archive) {
        if (!Files.isRegularFile(layout.resolve("oci-layout"))) {
            throw new CliException(layout + " is no OCI layout: it has no file oci-layout");
        }
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(archive), "UTF-8");
                var files = Files.walk(layout, 3)) {
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            List<Path> members = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : members) {
                String name = layout.relativize(file).toString();
                if (MEMBER.matcher(name).matches()) {
                    TarArchiveEntry entry = new TarArchiveEntry(name);
                    entry.setSize(Files.size(file));
                    tar.putArchiveEntry(entry);
                    Files.copy(file, tar);
                    tar.closeArchiveEntry();
                }
            }
        } catch (IOException e) {
            throw new CliException("cannot read " + layout + ": " + e.getMessage(), e);
        }
    }

    static void unpack(InputStream archive, Path layout) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(archive, "UTF-8");
        for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (MEMBER.matcher(entry.getName()).matches()) {
                Path file = layout.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(tar, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
