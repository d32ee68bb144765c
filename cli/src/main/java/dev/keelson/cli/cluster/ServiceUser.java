package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/** The unprivileged system user that PostgreSQL and the API server run as. */
public record ServiceUser(String name, int uid, int gid) {
    private static final String NAME = "keelson";

    /** The superuser, for what cannot run as the service user. */
    public static final ServiceUser ROOT = new ServiceUser("root", 0, 0);

    /** Whether a user without rights of its own may read the file: every directory above must let it pass. */
    public static boolean mayRead(Path file) {
        try {
            boolean readable = Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
            for (Path parent = file.toRealPath().getParent(); parent != null; parent = parent.getParent()) {
                readable &= Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE);
            }
            return readable;
        } catch (IOException e) {
            throw new CliException("cannot look at " + file + ": " + e.getMessage(), e);
        }
    }

    /** Finds the user, or makes it with useradd(8). */
    public static ServiceUser ensure() {
        return find().orElseGet(() -> {
            create();
            return find().orElseThrow(() -> new CliException("useradd made no user \"" + NAME + "\" in /etc/passwd"));
        });
    }

    private static Optional<ServiceUser> find() {
        try {
            return Files.readAllLines(Path.of("/etc/passwd")).stream()
                    .map(line -> line.split(":"))
                    .filter(f -> f.length > 3 && f[0].equals(NAME))
                    .map(f -> new ServiceUser(NAME, Integer.parseInt(f[2]), Integer.parseInt(f[3])))
                    .findFirst();
        } catch (IOException e) {
            throw new CliException("cannot read /etc/passwd: " + e.getMessage(), e);
        }
    }

    private static void create() {
        try {
            Process useradd = new ProcessBuilder(
                            "useradd",
                            "--system",
                            "--user-group",
                            "--no-create-home",
                            "--home-dir",
                            "/nonexistent",
                            "--shell",
                            "/usr/sbin/nologin",
                            NAME)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(useradd.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (useradd.waitFor() != 0) {
                throw new CliException("cannot create the system user \"%s\" for PostgreSQL: %s".formatted(NAME, said));
            }
        } catch (IOException e) {
            throw new CliException("cannot create the system user \"%s\": %s".formatted(NAME, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }
}
