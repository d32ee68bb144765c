package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.Eventually;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import dev.keelson.apiserver.registry.store.Trees;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches over HTTP: where they start, what they show, how they end. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WatchOverHttpIT {
    private String path = "";

    @BeforeEach
    void ownNamespace() {
        String namespace = TestPki.freshName("watch");
        as("admin")
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"" + namespace + "\"}}")
                .post("/api/v1/namespaces")
                .then()
                .statusCode(201);
        path = "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    @Test
    void resumesExactlyBehindARevision() {
        String first = create("a");
        create("b");
        change("a", "{\"data\":{\"x\":\"1\"}}");
        as("admin").delete(path + "/b").then().statusCode(200);
        try (Watch watch = watch("&resourceVersion=" + first)) {
            assertThat(watch.next()).isEqualTo("ADDED b");
            assertThat(watch.next()).isEqualTo("MODIFIED a");
            assertThat(watch.next()).isEqualTo("DELETED b");
            create("c");
            assertThat(watch.next()).isEqualTo("ADDED c");
        }
    }

    @Test
    void withoutARevisionItBeginsWithWhatIsThere() {
        create("a");
        try (Watch watch = watch("")) {
            assertThat(watch.next()).isEqualTo("ADDED a");
            create("b");
            assertThat(watch.next()).isEqualTo("ADDED b");
        }
    }

    @Test
    void aWatchMayBeAWebSocketWithAMessageForEveryEvent() throws Exception {
        create("a");
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        WebSocket socket = HttpClient.newBuilder()
                .sslContext(ServerUnderTest.tls("admin"))
                .build()
                .newWebSocketBuilder()
                .buildAsync(
                        URI.create("wss://localhost:" + ServerUnderTest.port() + path + "?watch=true"),
                        new WebSocket.Listener() {
                            private final StringBuilder text = new StringBuilder();

                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                                text.append(data);
                                if (last) {
                                    messages.add(text.toString());
                                    text.setLength(0);
                                }
                                from.request(1);
                                return CompletableFuture.completedFuture(null);
                            }
                        })
                .get(20, TimeUnit.SECONDS);
        assertThat(messages.poll(20, TimeUnit.SECONDS))
                .startsWith("{\"type\":\"ADDED\"")
                .contains("\"name\":\"a\"");
        create("b");
        assertThat(messages.poll(20, TimeUnit.SECONDS))
                .startsWith("{\"type\":\"ADDED\"")
                .contains("\"name\":\"b\"");
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(20, TimeUnit.SECONDS);
        assertThat(as("admin")
                        .get(path + "?watch=true&resourceVersion=nonsense")
                        .statusCode())
                .isEqualTo(400);
    }

    /** Frames of a client, their masks all zeros (RFC 6455, 5.2): what no client should send, and what it may. */
    @Test
    void whateverAClientOfAWatchSendsTheWatchEndsWithIt() throws Exception {
        create("a");
        HexFormat hex = HexFormat.of();
        List<String> ended = List.of(
                "810161", // not masked
                "82ff00000000001000000000000001", // larger than a frame may be
                "838000000000", // a kind that nobody has defined
                "808000000000", // goes on with what has not begun
                "098000000000", // a ping in pieces
                "88820000000003e8"); // says good-bye
        List<String> borne = List.of(
                "898000000000", // a ping
                "01810000000061898000000000808100000000" + "62", // a message in pieces, a ping between them
                "818200000000c328", // no UTF-8
                "82fe1000"); // ends in the middle of a frame's head
        for (String frames : ended) {
            try (Socket socket = upgraded()) {
                socket.getOutputStream().write(hex.parseHex(frames));
                assertThat(readToEnd(socket)).as(frames).isTrue();
            }
        }
        for (String frames : borne) {
            try (Socket socket = upgraded()) {
                socket.getOutputStream().write(hex.parseHex(frames));
            }
        }
        Eventually.until("no watch is open", () -> {
            List<String> open = as("admin")
                    .get("/metrics")
                    .asString()
                    .lines()
                    .filter(line -> line.startsWith("apiserver_longrunning_requests{"))
                    .filter(line -> line.contains("\"configmaps\""))
                    .toList();
            return !open.isEmpty() && open.stream().allMatch(line -> line.endsWith(" 0.0"));
        });
    }

    private Socket upgraded() throws IOException {
        Socket socket =
                ServerUnderTest.tls("admin").getSocketFactory().createSocket("localhost", ServerUnderTest.port());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + path + "?watch=true HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                                + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head).startsWith("HTTP/1.1 101 ");
        return socket;
    }

    /** Whether the server ends the connection; one that stays silent fails by its timeout. */
    private static boolean readToEnd(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            return true;
        }
        return true;
    }

    @Test
    void initialEventsEndWithTheirBookmark() {
        create("a");
        try (Watch watch = watch(
                "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=")) {
            assertThat(watch.next()).isEqualTo("ADDED a");
            ObjectNode bookmark = watch.nextTree();
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.path("object")
                            .path("metadata")
                            .path("annotations")
                            .path("k8s.io/initial-events-end")
                            .asText())
                    .isEqualTo("true");
            create("b");
            assertThat(watch.next()).isEqualTo("ADDED b");
        }
    }

    @Test
    void selectorsMakeObjectsAppearAndDisappear() {
        String start = create("a");
        try (Watch watch = watch("&labelSelector=app%3Dweb&resourceVersion=" + start)) {
            change("a", "{\"metadata\":{\"labels\":{\"app\":\"web\"}}}");
            assertThat(watch.next()).isEqualTo("ADDED a");
            change("a", "{\"data\":{\"x\":\"1\"}}");
            assertThat(watch.next()).isEqualTo("MODIFIED a");
            change("a", "{\"metadata\":{\"labels\":{\"app\":\"db\"}}}");
            assertThat(watch.next()).isEqualTo("DELETED a");
        }
    }

    @Test
    void endsWhenItsTimeIsOver() {
        try (Watch watch = watch("&timeoutSeconds=1")) {
            assertThat(watch.rest()).isEmpty();
        }
    }

    @Test
    void aRevisionFromTheFutureIsRefused() {
        as("admin")
                .get(path + "?watch=true&resourceVersion=99999999")
                .then()
                .statusCode(504)
                .body("reason", org.hamcrest.Matchers.equalTo("Timeout"))
                .body("details.causes[0].reason", org.hamcrest.Matchers.equalTo("ResourceVersionTooLarge"));
    }

    private String create(String name) {
        return as("admin")
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"" + name + "\"}}")
                .post(path)
                .then()
                .statusCode(201)
                .extract()
                .path("metadata.resourceVersion");
    }

    private void change(String name, String patch) {
        as("admin")
                .contentType("application/merge-patch+json")
                .body(patch)
                .patch(path + "/" + name)
                .then()
                .statusCode(200);
    }

    private Watch watch(String query) {
        HttpClient client =
                HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build();
        URI uri = URI.create("https://localhost:" + ServerUnderTest.port() + path + "?watch=true" + query);
        try {
            HttpResponse<InputStream> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            return new Watch(
                    client, new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One open watch, read line by line. */
    private record Watch(HttpClient client, BufferedReader lines) implements AutoCloseable {
        String next() {
            ObjectNode event = nextTree();
            return event.path("type").asText() + " "
                    + event.at("/object/metadata/name").asText();
        }

        ObjectNode nextTree() {
            try {
                String line = lines.readLine();
                assertThat(line).as("the watch goes on").isNotNull();
                return Trees.parse(line.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Stream<String> rest() {
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
}
