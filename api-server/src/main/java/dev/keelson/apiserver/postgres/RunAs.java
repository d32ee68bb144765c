package dev.keelson.apiserver.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The user that PostgreSQL runs as. The server refuses root, so a process of root switches with {@code setpriv} for
 * good: no groups of root, no new privileges.
 *
 * @param name a user of passwd
 * @param switching whether this process runs as another user than PostgreSQL will
 */
record RunAs(String name, boolean switching) {

    static RunAs user(String name) {
        return new RunAs(name, !name.equals(System.getProperty("user.name")));
    }

    List<String> command(List<String> program) {
        if (!switching) {
            return program;
        }
        List<String> command = new ArrayList<>(
                List.of("setpriv", "--reuid=" + name, "--regid=" + name, "--clear-groups", "--no-new-privs", "--"));
        group().ifPresent(group -> command.set(2, "--regid=" + group));
        command.addAll(program);
        return List.copyOf(command);
    }

    void own(Path path) throws IOException {
        if (switching) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
        }
    }

    /** Refuses a place that the user cannot reach, before PostgreSQL fails with a bare "Permission denied". */
    void requireReachable(Path directory) {
        if (!switching) {
            return;
        }
        for (Path each = directory.getParent(); each.getParent() != null; each = each.getParent()) {
            if (!mayEnter(each)) {
                throw new PostgresException(
                        ("PostgreSQL runs as user %s, which cannot enter %s; use a data directory elsewhere or allow it"
                                        + " with: chmod o+x %s")
                                .formatted(name, each, each));
            }
        }
    }

    private boolean mayEnter(Path directory) {
        try {
            var permissions = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
            boolean owner = Files.getOwner(directory).getName().equals(name);
            return permissions.contains(PosixFilePermission.OTHERS_EXECUTE)
                    || (owner && permissions.contains(PosixFilePermission.OWNER_EXECUTE))
                    || Files.isSymbolicLink(directory);
        } catch (IOException e) {
            throw new PostgresException("cannot examine %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    /** The number of the user's first group: a user need not have a group of its own name. */
    private Optional<String> group() {
        try (var users = Files.lines(Path.of("/etc/passwd"))) {
            return users.map(line -> line.split(":"))
                    .filter(fields -> fields.length > 3 && fields[0].equals(name))
                    .map(fields -> fields[3])
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
