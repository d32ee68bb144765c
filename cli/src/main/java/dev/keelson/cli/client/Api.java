package dev.keelson.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.keelson.cli.CliException;
import dev.keelson.cli.cluster.ClusterConfig;
import dev.keelson.cli.cluster.DataDir;
import dev.keelson.cli.cluster.Pki;
import dev.keelson.crds.client.ClientConfig;
import dev.keelson.crds.client.http.TlsIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The API server of this machine's cluster as its administrator: untyped requests, answers as JSON trees. */
public final class Api implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final URI server;
    private final HttpClient http;

    public Api(DataDir directory, ClusterConfig config) {
        this.server = URI.create("https://127.0.0.1:" + config.httpsPort());
        Pki pki = new Pki(directory.pki(), java.time.Instant.EPOCH);
        SSLContext tls = TlsIdentity.context(new ClientConfig(
                server, pki.certificate("ca"), pki.certificate("admin"), pki.key("admin"), "keelson-cli"));
        this.http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /** An answer of the server, whatever its code. */
    public record Answer(int code, byte[] body) {
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new CliException("the API server answered something that is not JSON: " + e.getMessage(), e);
            }
        }

        public boolean ok() {
            return code / 100 == 2;
        }
    }

    public HttpClient http() {
        return http;
    }

    public URI at(String path) {
        return server.resolve(path);
    }

    /** Sends and fails with the server's own message unless it answers 2xx. */
    public JsonNode call(String method, String path, String contentType, byte[] body) {
        Answer answer = send(method, path, "application/json", contentType, BodyPublishers.ofByteArray(body));
        if (!answer.ok()) {
            throw refused(answer);
        }
        return answer.json();
    }

    public JsonNode get(String path) {
        return call("GET", path, "application/json", new byte[0]);
    }

    /** The object at the path, or nothing on 404. */
    public Optional<JsonNode> find(String path) {
        Answer answer = send("GET", path, "application/json", "", BodyPublishers.noBody());
        if (answer.code() == 404) {
            return Optional.empty();
        }
        if (!answer.ok()) {
            throw refused(answer);
        }
        return Optional.of(answer.json());
    }

    public Answer send(String method, String path, String accept, String contentType, BodyPublisher body) {
        try {
            HttpRequest request = request(path, accept, contentType)
                    .method(method, body)
                    .timeout(PATIENCE)
                    .build();
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            response.headers().allValues("warning").forEach(Api::warn);
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** A streamed answer; the caller closes it. */
    public InputStream stream(String path, String accept) {
        return streamed(request(path, accept, "").GET().build());
    }

    private InputStream streamed(HttpRequest request) {
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() / 100 != 2) {
                throw refused(new Answer(response.statusCode(), response.body().readAllBytes()));
            }
            return response.body();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Sends an empty body with headers; the answer is streamed, and the caller closes it. */
    public InputStream post(String path, Map<String, String> headers) {
        HttpRequest.Builder request = request(path, "*/*", "application/json").POST(BodyPublishers.noBody());
        headers.forEach(request::header);
        return streamed(request.build());
    }

    /** Sends a file of any size; no limit on how long the server works on it. */
    public JsonNode upload(String path, Path file) {
        try {
            HttpRequest request = request(path, "application/json", "application/x-tar")
                    .POST(BodyPublishers.ofFile(file))
                    .build();
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            Answer answer = new Answer(response.statusCode(), response.body());
            if (!answer.ok()) {
                throw refused(answer);
            }
            return answer.json();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    public static CliException refused(Answer answer) {
        String message = "";
        try {
            message = JSON.readTree(answer.body()).path("message").asText();
        } catch (IOException notAStatus) {
            message = new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8).strip();
        }
        return new CliException(message.isEmpty() ? "the API server answered " + answer.code() : message);
    }

    private HttpRequest.Builder request(String path, String accept, String contentType) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(at(path)).header("Accept", accept);
        return contentType.isEmpty() ? builder : builder.header("Content-Type", contentType);
    }

    private static void warn(String header) {
        // RFC 7234: 299 - "text"
        int quote = header.indexOf('"');
        System.err.println("Warning: " + (quote < 0 ? header : header.substring(quote + 1, header.length() - 1)));
    }

    private CliException unreachable(IOException e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new CliException(
                "cannot reach the API server at %s (%s): is it up? ./keelson status".formatted(server, why), e);
    }

    private static CliException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CliException("interrupted", e);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
