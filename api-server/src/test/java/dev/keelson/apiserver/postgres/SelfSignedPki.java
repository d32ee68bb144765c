package dev.keelson.apiserver.postgres;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Certificates for a server under test that nobody connects to over TLS: one self-signed pair in every place. */
public final class SelfSignedPki implements QuarkusTestResourceLifecycleManager {
    private static final List<String> NAMES = List.of("apiserver", "ca", "apiserver-kubelet-client", "sa");

    private Path directory;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("keelson-pki-");
            String command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
                    + " -subj /CN=test -keyout key -out crt";
            Process process = new ProcessBuilder(command.split(" "))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(said);
            }
            for (String name : NAMES) {
                Files.copy(directory.resolve("crt"), directory.resolve(name + ".crt"));
                Files.copy(directory.resolve("key"), directory.resolve(name + ".key"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return Map.of("keelson.pki-dir", directory.toString(), "quarkus.http.test-ssl-port", "0");
    }

    @Override
    public void stop() {
        try {
            PostgresBinaries.deleteTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
