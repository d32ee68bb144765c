package dev.keelson.bench;

import dev.keelson.crds.client.ClientConfig;
import java.net.URI;
import java.nio.file.Path;

/** The cluster that is measured, as {@code bench/run} names it: its data directory, port and node. */
public record Target(Path dataDir, int port, String node) {

    public static Target fromEnvironment() {
        return new Target(
                Path.of(required("KEELSON_DATA_DIR")),
                Integer.parseInt(required("KEELSON_HTTPS_PORT")),
                required("KEELSON_NODE_NAME"));
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
