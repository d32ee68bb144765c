package dev.keelson.apiserver.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Creates the database files, once and all or nothing. */
record DataDirectory(Path home, Path programs, RunAs user) {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C", "TZ", "UTC");

    /** The password of the directory's role: chosen once, before there is anything that it opens. */
    static String password(Path home) throws IOException {
        Path file = home.resolve("password");
        if (!Files.exists(file)) {
            if (Files.exists(home.resolve("data"))) {
                throw new PostgresException(
                        "%s is missing: without it nobody can log in; restore it or remove %s".formatted(file, home));
            }
            Path fresh = Files.createTempFile(
                    home,
                    ".password-",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, EmbeddedPostgres.randomPassword());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(file);
    }

    /**
     * Leaves {@code data}, with a role that logs in with the password. The data appears under its name only when it is complete, so a process
     * that dies on the way leaves something that the next one throws away.
     */
    void createOnce(String role, String password) throws IOException {
        Path data = home.resolve("data");
        if (Files.exists(data)) {
            return;
        }
        Path fresh = home.resolve("data.new");
        PostgresBinaries.deleteTree(fresh);
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        user.own(fresh);
        initialize(fresh);
        createRole(fresh, role, password);
        // initdb and the statements above did not wait for the disk; this does, once for everything.
        run(user.command(List.of(program("initdb"), "--sync-only", "--pgdata=" + fresh)), ENVIRONMENT, "");
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void initialize(Path data) {
        List<String> command = List.of(
                program("initdb"),
                "--pgdata=" + data,
                // The first user may do everything and gets no password: nobody can log in as it.
                "--username=postgres",
                // Nobody at all, until the server's real rules are written.
                "--auth=reject",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--text-search-config=simple",
                "--no-sync",
                "--no-instructions");
        run(user.command(command), ENVIRONMENT, "");
    }

    /** A role that owns its objects and nothing else. Single-user mode: no server has to run and let anyone in. */
    private void createRole(Path data, String role, String password) {
        // Iterations slow down whoever guesses passwords, and every connection; this one is random.
        String statements = """
                SET scram_iterations = 1;
                CREATE ROLE %1$s LOGIN PASSWORD '%2$s';
                GRANT CREATE, USAGE ON SCHEMA public TO %1$s;
                GRANT CREATE ON DATABASE postgres TO %1$s;
                """.formatted(role, password);
        run(
                user.command(List.of(
                        program("postgres"),
                        "--single",
                        "-F",
                        "-c",
                        "exit_on_error=on",
                        "-D",
                        data.toString(),
                        "postgres")),
                ENVIRONMENT,
                statements);
    }

    private String program(String name) {
        return programs.resolve("bin").resolve(name).toString();
    }

    /** Runs a program to its end and fails with what it printed. */
    static void run(List<String> command, Map<String, String> environment, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.directory(Path.of("/").toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException ended) {
                // The program ended without reading; its output says why.
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
                String program = command.stream()
                        .filter(part -> part.startsWith("/"))
                        .findFirst()
                        .orElse(command.getFirst());
                throw new PostgresException("%s failed: %s".formatted(program, output.strip()));
            }
        } catch (IOException e) {
            throw new PostgresException("cannot run %s: %s".formatted(command.getFirst(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while preparing PostgreSQL", e);
        }
    }
}
