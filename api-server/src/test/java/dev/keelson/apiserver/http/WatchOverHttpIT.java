package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.Eventually;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
        try (OpenWatch watch = watch("resourceVersion=" + first)) {
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
        try (OpenWatch watch = watch("")) {
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
            try (WatchSocket socket = WatchSocket.open(path)) {
                socket.write(hex.parseHex(frames));
                assertThat(socket.ends()).as(frames).isTrue();
            }
        }
        for (String frames : borne) {
            try (WatchSocket socket = WatchSocket.open(path)) {
                socket.write(hex.parseHex(frames));
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

    /** 13 MB of answers, if each were; what the kernel and one queue hold is a fraction of it. */
    @Test
    void pingsOfAClientThatDoesNotReadQueueNoAnswers() throws IOException {
        int pings = 100_000;
        byte[] ping = ByteBuffer.allocate(6 + 125)
                .put((byte) 0x89)
                .put((byte) (0x80 | 125))
                .array();
        ByteBuffer thousand = ByteBuffer.allocate(1_000 * ping.length);
        IntStream.range(0, 1_000).forEach(i -> thousand.put(ping));
        try (WatchSocket socket = WatchSocket.open(path)) {
            for (int i = 0; i < pings / 1_000; i++) {
                socket.write(thousand.array());
            }
            create("after");
            int answered = 0;
            WatchSocket.Frame frame = socket.next();
            while (frame.opcode() != WatchSocket.TEXT || !frame.text().contains("\"name\":\"after\"")) {
                answered += frame.opcode() == WatchSocket.PONG ? 1 : 0;
                frame = socket.next();
            }
            assertThat(answered).isPositive().isLessThan(pings / 2);
        }
    }

    @Test
    void initialEventsEndWithTheirBookmark() {
        create("a");
        try (OpenWatch watch = watch(
                "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=")) {
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
        try (OpenWatch watch = watch("labelSelector=app%3Dweb&resourceVersion=" + start)) {
            change("a", "{\"metadata\":{\"labels\":{\"app\":\"web\"}}}");
            assertThat(watch.next()).isEqualTo("ADDED a");
            change("a", "{\"data\":{\"x\":\"1\"}}");
            assertThat(watch.next()).isEqualTo("MODIFIED a");
            change("a", "{\"metadata\":{\"labels\":{\"app\":\"db\"}}}");
            assertThat(watch.next()).isEqualTo("DELETED a");
        }
    }

    @Test
    void whoAsksForChangesOfMetadataIsNotToldOfOthersButOfTheirRevision() {
        String start = create("a");
        try (OpenWatch watch = OpenWatch.ofMetadata(
                path, "metadataChangesOnly=true&allowWatchBookmarks=true&timeoutSeconds=2&resourceVersion=" + start)) {
            change("a", "{\"data\":{\"x\":\"1\"}}");
            change("a", "{\"data\":{\"x\":\"2\"},\"metadata\":{\"labels\":{\"app\":\"web\"}}}");
            String last = change("a", "{\"data\":{\"x\":\"3\"}}");
            ObjectNode told = watch.nextTree();
            assertThat(told.path("type").asText()).isEqualTo("MODIFIED");
            assertThat(told.at("/object/metadata/labels/app").asText()).isEqualTo("web");
            ObjectNode bookmark = watch.nextTree();
            assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
            assertThat(bookmark.at("/object/metadata/resourceVersion").asLong())
                    .isGreaterThanOrEqualTo(Long.parseLong(last));
            assertThat(watch.rest()).isEmpty();
        }
    }

    @Test
    void changesOfMetadataAreForWatchesOfMetadata() {
        as("admin")
                .get(path + "?watch=true&metadataChangesOnly=true")
                .then()
                .statusCode(400)
                .body("message", containsString("as=PartialObjectMetadata"));
        as("admin")
                .get(path + "?metadataChangesOnly=true")
                .then()
                .statusCode(400)
                .body("message", containsString("forbidden for list"));
        as("admin").get(path + "?metadataChangesOnly=false").then().statusCode(200);
    }

    @Test
    void endsWhenItsTimeIsOver() {
        try (OpenWatch watch = watch("timeoutSeconds=1")) {
            assertThat(watch.rest()).isEmpty();
        }
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

    private String change(String name, String patch) {
        return as("admin")
                .contentType("application/merge-patch+json")
                .body(patch)
                .patch(path + "/" + name)
                .then()
                .statusCode(200)
                .extract()
                .path("metadata.resourceVersion");
    }

    @Test
    void watchesByPathAreWatches() {
        create("a");
        String whole = path.replace("/api/v1/", "/api/v1/watch/");
        try (OpenWatch all = OpenWatch.of(whole, "");
                OpenWatch one = OpenWatch.of(whole + "/b", "watch=false")) {
            assertThat(all.next()).isEqualTo("ADDED a");
            create("b");
            assertThat(all.next()).isEqualTo("ADDED b");
            assertThat(one.next()).isEqualTo("ADDED b");
        }
        as("admin").delete(whole + "/a").then().statusCode(405);
        as("admin").get(whole + "/a?fieldSelector=metadata.name%3Db").then().statusCode(400);
        as("admin").get("/api/v1/watch/namespaces/default/pods/p/status").then().statusCode(404);
    }

    private OpenWatch watch(String query) {
        return OpenWatch.of(path, query);
    }
}
