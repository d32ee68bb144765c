package dev.keelson.cli.cluster;

import dev.keelson.cli.CliException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Waits until somebody listens where the database is to be. */
public final class DatabaseWait {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int CONNECT_MILLIS = 2000;

    private DatabaseWait() {}

    /** @param environment holds {@code QUARKUS_DATASOURCE_JDBC_URL} */
    public static void untilItListens(Map<String, String> environment) {
        String url = environment.getOrDefault("QUARKUS_DATASOURCE_JDBC_URL", "");
        if (url.isEmpty()) {
            throw new CliException("QUARKUS_DATASOURCE_JDBC_URL is not set: the server is started by ./keelson up");
        }
        URI address = URI.create(url.substring("jdbc:".length()));
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!listens(address)) {
            if (System.nanoTime() > end) {
                throw new CliException("no PostgreSQL listens at %s:%d after %d s"
                        .formatted(address.getHost(), address.getPort(), LIMIT.toSeconds()));
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static boolean listens(URI address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }
}
