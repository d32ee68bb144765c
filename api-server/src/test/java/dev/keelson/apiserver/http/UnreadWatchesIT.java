package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that opens watches and reads none of them. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class UnreadWatchesIT {
    private static final int WATCHES = 200;
    private static final int OPENED_TOGETHER = 10;
    private static final String WATCH = "?watch=true&allowWatchBookmarks=true";
    private static final int OBJECTS = 100;
    private static final int OBJECT_SIZE = 100_000;
    /** Fewer: what fits into the kernel's buffers is encrypted for each. */
    private static final int LARGE_WATCHES = 40;

    private static final int LARGE_OBJECTS = 3;
    private static final int LARGE_SIZE = 900_000;

    private final List<UnreadConnection> unread = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (UnreadConnection connection : unread) {
            connection.close();
        }
    }

    @Test
    void hundredsOfUnreadWatchesHoldNoCopiesOfTheList() {
        String path = manyObjects();
        long before = UnreadConnection.usedMemory();
        open(WATCHES, path + WATCH);
        othersAreServed(path);
        long each = (UnreadConnection.usedMemory() - before) / WATCHES;
        System.out.printf("an unread watch holds about %d KiB, both ends together%n", each / 1024);
        // The list has 10 MB. What is held: the connection's queue, what is under way, one object, TLS at both ends.
        assertThat(each).isLessThan(600 * 1024);
    }

    /** Streams share connections, so what they hold is bounded by windows and not by sockets. */
    @Test
    void unreadStreamsHoldNoCopiesOfTheListEither() {
        String path = manyObjects();
        for (int window : new int[] {0, 65_535, Integer.MAX_VALUE}) {
            long before = UnreadConnection.usedMemory();
            try (UnreadStreams streams = new UnreadStreams(window)) {
                for (int i = 0; i < WATCHES; i++) {
                    streams.open(path + WATCH);
                }
                othersAreServed(path);
                long each = (UnreadConnection.usedMemory() - before) / WATCHES;
                System.out.printf("an unread stream with window %d holds about %d KiB%n", window, each / 1024);
                assertThat(each).as("window %d", window).isLessThan(300 * 1024);
            }
        }
    }

    private static String manyObjects() {
        String namespace = TestPki.freshName("unread");
        create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
        String path = "/api/v1/namespaces/" + namespace + "/configmaps";
        for (int i = 0; i < OBJECTS; i++) {
            create(path, configMap("c" + i));
        }
        return path;
    }

    /** Whoever reads gets everything meanwhile, and changes, too. */
    private static void othersAreServed(String path) {
        try (Stream<String> events = watch(path + "?watch=true&timeoutSeconds=50")) {
            Iterator<String> lines = events.iterator();
            for (int i = 0; i < OBJECTS; i++) {
                assertThat(lines.next()).startsWith("{\"type\":\"ADDED\"");
            }
            create(path, configMap("later"));
            assertThat(lines.next()).contains("\"name\":\"later\"");
            as("admin").delete(path + "/later").then().statusCode(200);
        }
    }

    private static Stream<String> watch(String path) {
        HttpClient http =
                HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build();
        URI uri = URI.create("https://localhost:" + ServerUnderTest.port() + path);
        return http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines())
                .join()
                .body();
    }

    @Test
    void aLargeObjectIsNotCopiedForEachUnreadWatch() {
        String namespace = TestPki.freshName("unread");
        create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
        String path = "/api/v1/namespaces/" + namespace + "/configmaps";
        String from = as("admin").get(path).path("metadata.resourceVersion");
        long before = UnreadConnection.usedMemory();
        open(LARGE_WATCHES, path + "?watch=true&resourceVersion=" + from);
        for (int i = 0; i < LARGE_OBJECTS; i++) {
            create(path, configMap("large" + i, LARGE_SIZE));
        }
        // One who reads has all of it, so everybody has been told.
        try (Stream<String> events = watch(path + "?watch=true&timeoutSeconds=50&resourceVersion=" + from)) {
            assertThat(events.limit(LARGE_OBJECTS).toList())
                    .hasSize(LARGE_OBJECTS)
                    .allSatisfy(line -> assertThat(line).contains("x".repeat(LARGE_SIZE)));
        }
        long each = (UnreadConnection.usedMemory() - before) / LARGE_WATCHES;
        System.out.printf("an unread watch of large objects holds about %d KiB, both ends together%n", each / 1024);
        assertThat(each).isLessThan(300 * 1024);
    }

    /** Several at a time: with its small buffer, a handshake mostly waits. */
    private void open(int watches, String path) {
        try (ExecutorService opening = Executors.newFixedThreadPool(OPENED_TOGETHER)) {
            List<Future<UnreadConnection>> all = IntStream.range(0, watches)
                    .mapToObj(i -> opening.submit(() -> new UnreadConnection(path)))
                    .toList();
            for (Future<UnreadConnection> each : all) {
                unread.add(each.get());
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("a watch could not be opened", e);
        }
    }

    private static String configMap(String name) {
        return configMap(name, OBJECT_SIZE);
    }

    private static String configMap(String name, int size) {
        return "{\"metadata\":{\"name\":\"%s\"},\"data\":{\"k\":\"%s\"}}".formatted(name, "x".repeat(size));
    }

    private static void create(String path, String body) {
        as("admin").contentType("application/json").body(body).post(path).then().statusCode(201);
    }
}
