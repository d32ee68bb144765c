package dev.keelson.bench;

import dev.keelson.crds.client.ClientConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The cluster that is measured, as {@code bench/run} names it: its data directory, port and node. */
public record Target(Path dataDir, int port, String node) {
    private static final long START_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int ASKED_AGAIN_MILLIS = 100;

    /** The cluster once its server serves everything: one that is starting answers 503. */
    public static Target ready() throws InterruptedException {
        Target target = fromEnvironment();
        long end = System.nanoTime() + START_NANOS;
        while (!target.serves()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("/readyz on port " + target.port() + " has not answered 200 for "
                        + TimeUnit.NANOSECONDS.toSeconds(START_NANOS) + " s: see the server's log");
            }
            TimeUnit.MILLISECONDS.sleep(ASKED_AGAIN_MILLIS);
        }
        return target;
    }

    private static Target fromEnvironment() {
        return new Target(
                Path.of(required("KEELSON_DATA_DIR")),
                Integer.parseInt(required("KEELSON_HTTPS_PORT")),
                required("KEELSON_NODE_NAME"));
    }

    private boolean serves() {
        try (HttpConnection connection = new HttpConnection(config())) {
            return connection.send("GET", "/readyz", "") == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    public ClientConfig config() {
        Path pki = dataDir.resolve("pki");
        return new ClientConfig(
                URI.create("https://127.0.0.1:" + port),
                pki.resolve("ca.crt"),
                pki.resolve("admin.crt"),
                pki.resolve("admin.key"),
                "keelson-bench");
    }

    private static String required(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set: start this through bench/run");
        }
        return value;
    }
}
