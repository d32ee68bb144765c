package dev.keelson.apiserver.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL server of our own in one directory: programs, data, password and port. It listens on 127.0.0.1 only
 * and lets in one role with a random password, so other users of the machine stay out.
 *
 * <p>The server is not a part of the process that starts it: it survives, and the next process finds it by
 * {@link #running()}. Nothing here keeps it alive either; that is for whoever runs {@link #command()} in a loop.
 */
public final class EmbeddedPostgres {
    private static final String ROLE = "keelson";
    private static final String DATABASE = "postgres";
    /** Below the range that Linux gives to outgoing connections, which could take the port while the server is down. */
    private static final int LOWEST_PORT = 20_000;

    private static final int PORTS = 12_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final Path distribution;
    private final RunAs user;
    private final int port;
    private final String password;

    private EmbeddedPostgres(Path directory, Path distribution, RunAs user, int port, String password) {
        this.directory = directory;
        this.distribution = distribution;
        this.user = user;
        this.port = port;
        this.password = password;
    }

    /** {@link #at} with its programs in the same directory, and prepared. */
    public static EmbeddedPostgres prepare(Path directory, String user) {
        EmbeddedPostgres postgres = at(directory, user, directory);
        postgres.prepare();
        return postgres;
    }

    /**
     * The server of a directory: settles its address and password, so that others can be told before it runs. Quick.
     *
     * @param directory created when missing; everything of the server lives below it
     * @param user who the server runs as; must not be root
     * @param distribution where the programs are unpacked to, which servers of several directories may share; the user
     *     must be able to read it
     * @throws PostgresException when it cannot be done, with the remedy
     */
    public static EmbeddedPostgres at(Path directory, String user, Path distribution) {
        Path home = directory.toAbsolutePath().normalize();
        RunAs runAs = RunAs.user(user);
        try {
            Files.createDirectories(home);
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
            Path data = home.resolve("data");
            runAs.requireReachable(data);
            Optional<Postmaster> running = Postmaster.of(data);
            int port = running.isPresent() ? running.get().port() : portFor(home);
            return new EmbeddedPostgres(
                    home, distribution.toAbsolutePath().normalize(), runAs, port, DataDirectory.password(home));
        } catch (IOException e) {
            throw unprepared(home, e);
        }
    }

    /**
     * Makes the directory ready to run the server on it: unpacks the programs, creates the database once. Quick when all
     * of that has been done before; changes nothing under a server that runs.
     *
     * @throws PostgresException when it cannot be done, with the remedy
     */
    public void prepare() {
        try {
            Files.createDirectories(distribution);
            PostgresBinaries.unpack(distribution);
            new DataDirectory(directory, programs(), user).createOnce(ROLE, password);
            if (running().isEmpty()) {
                Files.writeString(data().resolve("postgresql.conf"), PostgresSettings.configuration(port));
                Files.writeString(data().resolve("pg_hba.conf"), PostgresSettings.access(ROLE, DATABASE));
            }
        } catch (IOException e) {
            throw unprepared(directory, e);
        }
    }

    /** The server as a foreground process that logs to standard error; restart it when it ends. */
    public List<String> command() {
        return user.command(List.of(programs().resolve("bin/postgres").toString(), "-D", data().toString()));
    }

    /** All that the server's process should have in its environment. */
    public Map<String, String> environment() {
        return Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C", "TZ", "UTC");
    }

    /** Starts the server, detached from this process and its terminal, unless it runs already. */
    public void start() {
        if (running().isPresent()) {
            return;
        }
        List<String> detached = new ArrayList<>(List.of("setsid"));
        detached.addAll(command());
        Path log = directory.resolve("postgres.log");
        ProcessBuilder builder = new ProcessBuilder(detached)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment());
        try {
            builder.start();
        } catch (IOException e) {
            throw new PostgresException("cannot start PostgreSQL: " + e.getMessage(), e);
        }
    }

    /** The process id of the server on this directory, whoever started it. */
    public Optional<Long> running() {
        return Postmaster.of(data()).map(Postmaster::pid);
    }

    /**
     * Waits until the server accepts connections.
     *
     * @throws PostgresException when it does not within the time
     */
    public void awaitReady(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!Postmaster.of(data()).filter(Postmaster::ready).isPresent()) {
            if (System.nanoTime() > deadline) {
                throw new PostgresException("PostgreSQL was not ready after %d ms; its log is %s"
                        .formatted(atMost.toMillis(), directory.resolve("postgres.log")));
            }
            pause();
        }
    }

    /** Ends the server, rolling back what is open; committed data is on disk. Does nothing when it does not run. */
    public void stop(Duration atMost) {
        if (running().isPresent()) {
            DataDirectory.run(
                    user.command(List.of(
                            programs().resolve("bin/pg_ctl").toString(),
                            "stop",
                            "--pgdata=" + data(),
                            "--mode=fast",
                            "--silent",
                            "--timeout=" + Math.max(1, atMost.toSeconds()))),
                    environment(),
                    "");
        }
    }

    public DatabaseUrl url() {
        return new DatabaseUrl("127.0.0.1", port, DATABASE, ROLE, password, "");
    }

    private static PostgresException unprepared(Path home, IOException e) {
        return new PostgresException("cannot prepare PostgreSQL in %s: %s".formatted(home, e.getMessage()), e);
    }

    private Path programs() {
        return PostgresBinaries.in(distribution);
    }

    private Path data() {
        return directory.resolve("data");
    }

    private static int portFor(Path home) throws IOException {
        Path file = home.resolve("port");
        if (Files.exists(file)) {
            int before = Integer.parseInt(Files.readString(file).strip());
            if (free(before)) {
                return before;
            }
        }
        int port = LOWEST_PORT + RANDOM.nextInt(PORTS);
        while (!free(port)) {
            port = LOWEST_PORT + RANDOM.nextInt(PORTS);
        }
        Files.writeString(file, Integer.toString(port));
        return port;
    }

    private static boolean free(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    static String randomPassword() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while waiting for PostgreSQL", e);
        }
    }
}
