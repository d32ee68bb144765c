package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.store.Trees;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** One open watch of the administrator, read line by line. */
public record OpenWatch(HttpClient client, BufferedReader lines) implements AutoCloseable {

    /** @param query more of the query, encoded; without an ampersand in front */
    public static OpenWatch of(String path, String query) {
        return of(path, query, "application/json");
    }

    public static OpenWatch ofMetadata(String path, String query) {
        return of(path, query, "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    }

    private static OpenWatch of(String path, String query, String accept) {
        HttpClient client =
                HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build();
        URI uri = URI.create("https://localhost:" + ServerUnderTest.port() + path + "?watch=true&" + query);
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).header("Accept", accept).build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            return new OpenWatch(
                    client, new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What happened to which object: {@code ADDED a}. */
    public String next() {
        ObjectNode event = nextTree();
        return event.path("type").asText() + " "
                + event.at("/object/metadata/name").asText();
    }

    public ObjectNode nextTree() {
        try {
            String line = lines.readLine();
            assertThat(line).as("the watch goes on").isNotNull();
            return Trees.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What comes until the server ends it. */
    public Stream<String> rest() {
        return lines.lines();
    }

    @Override
    public void close() {
        try {
            lines.close();
            client.shutdownNow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
