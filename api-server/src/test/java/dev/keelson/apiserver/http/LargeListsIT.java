package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists that are written while the client reads them. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class LargeListsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OBJECTS = 300;
    private static final int OBJECT_SIZE = 8_000;
    private static final int UNREAD = 60;

    private final HttpClient http =
            HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build();
    /** Where the objects are that no test changes. */
    private static String shared = "";

    private String path = "";

    @BeforeEach
    void someMegabytes() {
        if (shared.isEmpty()) {
            shared = someMegabytesMore();
        }
        path = shared;
    }

    private String someMegabytesMore() {
        String namespace = TestPki.freshName("large");
        post("/api/v1/namespaces", JSON.createObjectNode().set("metadata", name(namespace)));
        for (int i = 0; i < OBJECTS; i += 100) {
            ObjectNode transaction =
                    JSON.createObjectNode().put("apiVersion", "keelson.dev/v1").put("kind", "Transaction");
            ArrayNode operations = transaction.putObject("spec").putArray("operations");
            for (int each = i; each < i + 100; each++) {
                ObjectNode object = operations.addObject().putObject("create");
                object.put("apiVersion", "v1").put("kind", "ConfigMap");
                object.set("metadata", name("c%03d".formatted(each)).put("namespace", namespace));
                object.putObject("data").put("text", "ä\"1.50\" ".repeat(OBJECT_SIZE / 8));
            }
            post("/apis/keelson.dev/v1/transactions", transaction);
        }
        return "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    @ParameterizedTest
    @EnumSource
    void aListIsWholeAndItsLengthKnown(HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> answer = get(version, "", "application/json", "identity");
        JsonNode list = JSON.readTree(answer.body());
        assertThat(list.path("kind").asText()).isEqualTo("ConfigMapList");
        assertThat(names(list.path("items"), "/metadata/name")).containsExactlyElementsOf(expected());
        assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(answer.body().length);
        HttpResponse<byte[]> packed = get(version, "", "application/json", "gzip");
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.body()).hasSizeLessThan(answer.body().length / 10);
        assertThat(unpacked(packed)).isEqualTo(answer.body());
    }

    @Test
    void otherFormatsSayTheSame() throws Exception {
        JsonNode list = JSON.readTree(get(HttpClient.Version.HTTP_1_1, "", "application/json", "identity")
                .body());
        HttpResponse<byte[]> yaml = get(HttpClient.Version.HTTP_1_1, "", "application/yaml", "gzip");
        assertThat(new YAMLMapper().readTree(unpacked(yaml))).isEqualTo(list);
        String laidOut = new String(
                get(HttpClient.Version.HTTP_1_1, "?pretty=true", "application/json", "identity")
                        .body(),
                StandardCharsets.UTF_8);
        assertThat(laidOut).startsWith("{\n  \"kind\": \"ConfigMapList\",\n").endsWith("\n}\n");
        assertThat(JSON.readTree(laidOut)).isEqualTo(list);
    }

    @ParameterizedTest
    @CsvSource({"Table, rows, /object/metadata/name", "PartialObjectMetadataList, items, /metadata/name"})
    void otherShapesAreWhole(String shape, String field, String name) throws Exception {
        String accept = "application/json;as=%s;g=meta.k8s.io;v=v1".formatted(shape);
        JsonNode list = JSON.readTree(get(HttpClient.Version.HTTP_1_1, "?includeObject=Object", accept, "identity")
                .body());
        assertThat(list.path("kind").asText()).isEqualTo(shape);
        assertThat(list.at("/metadata/resourceVersion").asText()).isNotEmpty();
        assertThat(names(list.path(field), name)).containsExactlyElementsOf(expected());
    }

    @Test
    void theHeadAloneHasNoBody() throws Exception {
        HttpRequest head = request("").HEAD().build();
        HttpResponse<byte[]> answer = http.send(head, BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValueAsLong("Content-Length")).isPresent();
    }

    @Test
    void unreadListsHoldSomePiecesAndDisturbNobody() throws Exception {
        path = someMegabytesMore();
        long before = UnreadConnection.usedMemory();
        List<UnreadConnection> unread = new ArrayList<>();
        try {
            for (int i = 0; i < UNREAD; i++) {
                unread.add(new UnreadConnection(path));
            }
            long each = (UnreadConnection.usedMemory() - before) / UNREAD;
            System.out.printf("an unread list holds about %d KiB, both ends together%n", each / 1024);
            assertThat(each).isLessThan(600 * 1024);
            as("admin").get(path).then().statusCode(200);
            // Whoever begins to read late gets the list as it was, although its objects have changed since.
            as("admin").delete(path).then().statusCode(200);
            String late = new String(unread.getFirst().rest().readAllBytes(), StandardCharsets.UTF_8);
            JsonNode list = JSON.readTree(late.substring(late.indexOf("\r\n\r\n")));
            assertThat(names(list.path("items"), "/metadata/name")).containsExactlyElementsOf(expected());
        } finally {
            for (UnreadConnection connection : unread) {
                connection.close();
            }
        }
    }

    private HttpResponse<byte[]> get(HttpClient.Version version, String query, String accept, String encoding)
            throws IOException, InterruptedException {
        HttpRequest request = request(query)
                .version(version)
                .header("Accept", accept)
                .header("Accept-Encoding", encoding)
                .build();
        HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(version);
        return answer;
    }

    private HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + ServerUnderTest.port() + path + query));
    }

    private void post(String where, JsonNode body) {
        URI uri = URI.create("https://localhost:" + ServerUnderTest.port() + where);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
        assertThat(http.sendAsync(request, BodyHandlers.ofString()).join().statusCode())
                .isBetween(200, 201);
    }

    private static byte[] unpacked(HttpResponse<byte[]> answer) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
    }

    private static ObjectNode name(String name) {
        return JSON.createObjectNode().put("name", name);
    }

    private static List<String> names(JsonNode items, String pointer) {
        return StreamSupport.stream(items.spliterator(), false)
                .map(item -> item.at(pointer).asText())
                .toList();
    }

    /** The objects of the test, and what every namespace gets. */
    private static List<String> expected() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < OBJECTS; i++) {
            names.add("c%03d".formatted(i));
        }
        return names;
    }
}
