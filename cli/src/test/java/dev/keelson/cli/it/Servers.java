package dev.keelson.cli.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.http.TlsIdentity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a client of several API servers needs: one identity, and requests to any of them. */
final class Servers implements AutoCloseable {
    /** Longer than any write takes on a busy machine. */
    static final Duration STALLED = Duration.ofSeconds(20);

    static final ObjectMapper JSON = new ObjectMapper();

    record Answer(int code, JsonNode body) {}

    private final List<Integer> ports;
    private final HttpClient http;

    Servers(List<Cluster> servers) {
        this.ports = servers.stream().map(Cluster::port).toList();
        Path pki = servers.getFirst().directory().resolve("pki");
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .sslContext(TlsIdentity.context(new ClientConfig(
                        URI.create("https://127.0.0.1"),
                        pki.resolve("ca.crt"),
                        pki.resolve("admin.crt"),
                        pki.resolve("admin.key"),
                        "test")))
                .build();
    }

    /** Where a client goes on whose server does not answer. */
    int after(int server) {
        return (server + 1) % ports.size();
    }

    Answer send(int server, String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(at(server, path))
                .timeout(STALLED)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(response.statusCode(), JSON.readTree(response.body()));
    }

    /** The lines of a watch. */
    BufferedReader watch(int server, String path) throws IOException, InterruptedException {
        var response = http.send(HttpRequest.newBuilder(at(server, path)).build(), BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IOException("watch answered " + response.statusCode());
        }
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    boolean ready(int server) {
        try {
            return http.send(HttpRequest.newBuilder(at(server, "/readyz")).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private URI at(int server, String path) {
        return URI.create("https://127.0.0.1:" + ports.get(server) + path);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
