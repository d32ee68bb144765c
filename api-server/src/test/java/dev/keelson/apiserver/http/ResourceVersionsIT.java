package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import dev.keelson.apiserver.registry.store.Trees;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads and watches at a revision that is gone, and at one that has not come: every combination of the parameters. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ResourceVersionsIT {
    private static final String FUTURE = "999999999";
    /** Together more than the 8 MB of recent events that stay in memory. */
    private static final int LARGE_OBJECTS = 11;

    private String path = "";

    @BeforeEach
    void ownNamespace() {
        String namespace = TestPki.freshName("revisions");
        create("/api/v1/namespaces", namespace, "");
        path = "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    @Test
    void aRevisionThatHasNotComeIsWaitedForAndRefusedThen() {
        create(path, "a", "");
        List<String> asked = List.of(
                path + "/a?resourceVersion=" + FUTURE,
                path + "?resourceVersion=" + FUTURE,
                path + "?limit=1&resourceVersion=" + FUTURE,
                path + "?resourceVersionMatch=NotOlderThan&resourceVersion=" + FUTURE,
                path + "?resourceVersionMatch=Exact&resourceVersion=" + FUTURE,
                path + "?limit=1&continue=" + forged(FUTURE),
                path + "?watch=true&resourceVersion=" + FUTURE,
                path + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=" + FUTURE,
                path + "?watch=true&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion="
                        + FUTURE);

        getTogether(asked).forEach((uri, answer) -> {
            JsonNode status = Trees.parse(answer.body());
            assertThat(answer.statusCode()).as(uri).isEqualTo(504);
            assertThat(answer.headers().firstValue("Retry-After")).as(uri).contains("1");
            assertThat(status.path("reason").asText()).as(uri).isEqualTo("Timeout");
            assertThat(status.path("message").asText())
                    .as(uri)
                    .startsWith("Too large resource version: " + FUTURE + ", current: ");
            assertThat(status.at("/details/retryAfterSeconds").asInt()).as(uri).isEqualTo(1);
            assertThat(status.at("/details/causes/0/reason").asText()).as(uri).isEqualTo("ResourceVersionTooLarge");
        });
    }

    @Test
    void aRevisionThatIsGoneIsExpiredWhereExactlyItIsAskedFor() {
        String gone = create(path, "a", "");
        create(path, "b", "");
        for (int i = 0; i < LARGE_OBJECTS; i++) {
            create(path, "large-" + i, "x".repeat(900_000));
            as("admin").delete(path + "/large-" + i).then().statusCode(200);
        }
        PostgresTestResource.forgetHistory();

        for (String fresh : List.of("resourceVersion=", "resourceVersionMatch=NotOlderThan&resourceVersion=")) {
            as("admin").get(path + "/a?resourceVersion=" + gone).then().statusCode(200);
            assertThat(as("admin")
                            .get(path + "?limit=2&" + fresh + gone)
                            .then()
                            .statusCode(200)
                            .extract()
                            .<List<String>>path("items.metadata.name"))
                    .containsExactly("a", "b");
        }
        for (String exact : List.of("", "&limit=1")) {
            as("admin")
                    .get(path + "?resourceVersionMatch=Exact&resourceVersion=" + gone + exact)
                    .then()
                    .statusCode(410)
                    .body("reason", org.hamcrest.Matchers.equalTo("Expired"))
                    .body(
                            "message",
                            org.hamcrest.Matchers.equalTo("The resourceVersion for the provided list is too old."));
        }
        for (String watched : List.of("", "&sendInitialEvents=false&resourceVersionMatch=NotOlderThan")) {
            try (OpenWatch watch = OpenWatch.of(path, "resourceVersion=" + gone + watched)) {
                ObjectNode event = watch.nextTree();
                assertThat(event.path("type").asText()).isEqualTo("ERROR");
                assertThat(event.at("/object/code").asInt()).isEqualTo(410);
                assertThat(event.at("/object/reason").asText()).isEqualTo("Expired");
                assertThat(event.at("/object/message").asText()).startsWith("too old resource version: " + gone + " (");
                assertThat(watch.rest()).isEmpty();
            }
        }
        // What begins with the state needs no history.
        try (OpenWatch watch = OpenWatch.of(
                path, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=" + gone)) {
            assertThat(watch.next()).isEqualTo("ADDED a");
        }
    }

    @Test
    void timeoutsEndWatchesAndLeaveListsAlone() {
        create(path, "a", "");
        as("admin").get(path + "?timeoutSeconds=1").then().statusCode(200);
        as("admin").get(path + "?timeoutSeconds=soon").then().statusCode(400);
        as("admin").get(path + "?watch=true&timeoutSeconds=soon").then().statusCode(400);
        long begun = System.nanoTime();
        try (OpenWatch watch = OpenWatch.of(path, "timeoutSeconds=2&resourceVersion=0")) {
            assertThat(watch.next()).isEqualTo("ADDED a");
            create(path, "b", "");
            assertThat(watch.next()).isEqualTo("ADDED b");
            assertThat(watch.rest()).isEmpty();
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)).isGreaterThanOrEqualTo(1_900);
    }

    /** A token as the server makes them, which it never made. */
    private static String forged(String revision) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(("{\"v\":\"keelson/v1\",\"rv\":" + revision + ",\"ns\":\"\",\"name\":\"\"}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    /** Each of them waits for three seconds. */
    private static Map<String, HttpResponse<byte[]>> getTogether(List<String> paths) {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build()) {
            Map<String, CompletableFuture<HttpResponse<byte[]>>> asked = new LinkedHashMap<>();
            paths.forEach(path -> asked.put(
                    path,
                    client.sendAsync(
                            HttpRequest.newBuilder(URI.create("https://localhost:" + ServerUnderTest.port() + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray())));
            Map<String, HttpResponse<byte[]>> answers = new LinkedHashMap<>();
            asked.forEach((path, answer) -> answers.put(path, answer.join()));
            return answers;
        }
    }

    private static String create(String path, String name, String value) {
        return as("admin")
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"" + name + "\"}"
                        + (value.isEmpty() ? "" : ",\"data\":{\"x\":\"" + value + "\"}") + "}")
                .post(path)
                .then()
                .statusCode(201)
                .extract()
                .path("metadata.resourceVersion");
    }
}
