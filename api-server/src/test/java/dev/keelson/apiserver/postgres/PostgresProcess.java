package dev.keelson.apiserver.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A PostgreSQL server of a test's own, gone without a trace when the test ends. */
public final class PostgresProcess implements AutoCloseable {
    private final Path directory;
    private final EmbeddedPostgres postgres;

    private PostgresProcess(Path directory, EmbeddedPostgres postgres) {
        this.directory = directory;
        this.postgres = postgres;
    }

    public static PostgresProcess start() {
        try {
            Path directory = Files.createTempDirectory(
                    "keelson-pg-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            PostgresProcess process = new PostgresProcess(directory, EmbeddedPostgres.prepare(directory, user()));
            process.restart();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    public Path directory() {
        return directory;
    }

    public DatabaseUrl url() {
        return postgres.url();
    }

    /** Ends the server and its sessions as a power cut would. */
    public void kill() {
        postgres.running().flatMap(ProcessHandle::of).ifPresent(postmaster -> {
            List<ProcessHandle> sessions = postmaster.descendants().toList();
            end(postmaster);
            sessions.forEach(PostgresProcess::end);
        });
    }

    /** Ends only the first process: its sessions notice in their own time, and may finish a commit until then. */
    public void killPostmaster() {
        postgres.running().flatMap(ProcessHandle::of).ifPresent(PostgresProcess::end);
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Starts the server; children of a killed one may need a moment to let go of the data, as a supervisor would wait. */
    public void restart() {
        PostgresException last = new PostgresException("not tried");
        for (int attempt = 0; attempt < 20; attempt++) {
            postgres.start();
            try {
                postgres.awaitReady(Duration.ofSeconds(1));
                return;
            } catch (PostgresException notYet) {
                last = notYet;
            }
        }
        throw last;
    }

    @Override
    public void close() {
        try {
            postgres.stop(Duration.ofSeconds(10));
        } finally {
            delete();
        }
    }

    /** Root may not run PostgreSQL; whoever else runs the tests, runs it. */
    public static String user() {
        String me = System.getProperty("user.name");
        return me.equals("root") ? "nobody" : me;
    }

    private void delete() {
        try {
            PostgresBinaries.deleteTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
