package dev.keelson.apiserver.registry;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.ServerUnderTest;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The valid object of every kind through every verb: no kind has a handler of its own, so all behave the same. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class AllKindsOverHttpIT {
    private static final String NAMESPACE = "shop";
    private static final String POD_ACCOUNT = "runner";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private final HttpClient http =
            HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build();

    static Set<String> kinds() {
        return KindRows.validObjects().keySet();
    }

    @BeforeEach
    void namespaceAndAccount() {
        create("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + NAMESPACE + "\"}}");
        create(
                "/api/v1/namespaces/" + NAMESPACE + "/serviceaccounts",
                "{\"metadata\":{\"name\":\"" + POD_ACCOUNT + "\"}}");
    }

    private static void create(String path, String body) {
        int code = as("admin")
                .contentType("application/json")
                .body(body)
                .post(path)
                .statusCode();
        assertThat(code).isIn(201, 409);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyVerbWorks(String name) {
        ResourceDefinition kind = KindRows.kind(name);
        ObjectNode object = object(name);
        String collection = collection(kind);
        String path = collection + "/" + object.at("/metadata/name").asText();
        ValidatableResponse created = send("application/json", object.toString(), "POST", collection);
        created.statusCode(201).body("kind", equalTo(kind.kind())).body("apiVersion", equalTo(kind.apiVersion()));
        String version = created.extract().path("metadata.resourceVersion");

        as("admin").get(path).then().statusCode(200).body("metadata.resourceVersion", equalTo(version));
        as("admin")
                .get(collection)
                .then()
                .statusCode(200)
                .body("kind", equalTo(kind.kind() + "List"))
                .body("items.metadata.name", hasItem(nameOf(object)))
                .body("items.kind", everyItem(nullValue()))
                .body("items.apiVersion", everyItem(nullValue()));
        as("admin")
                .header("Accept", TABLE)
                .get(path)
                .then()
                .statusCode(200)
                .body("kind", equalTo("Table"))
                .body("rows", hasSize(1));

        // An update with what was answered changes nothing.
        send("application/json", created.extract().asString(), "PUT", path)
                .statusCode(200)
                .body("metadata.resourceVersion", equalTo(version));
        for (String type : List.of("merge-patch", "strategic-merge-patch")) {
            send("application/" + type + "+json", "{\"metadata\":{\"labels\":{\"x\":\"" + type + "\"}}}", "PATCH", path)
                    .statusCode(200)
                    .body("metadata.labels.x", equalTo(type));
        }
        String applied =
                "{\"apiVersion\":\"%s\",\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\",\"annotations\":{\"by\":\"apply\"}}}"
                        .formatted(kind.apiVersion(), kind.kind(), nameOf(object));
        send("application/apply-patch+yaml", applied, "PATCH", path + "?fieldManager=test&force=true")
                .statusCode(200)
                .body("metadata.annotations.by", equalTo("apply"));
        if (kind.subresources().contains(ResourceDefinition.Subresource.STATUS)) {
            as("admin").get(path + "/status").then().statusCode(200).body("metadata.name", equalTo(nameOf(object)));
        }
        if (kind.subresources().contains(ResourceDefinition.Subresource.SCALE)) {
            send("application/merge-patch+json", "{\"spec\":{\"replicas\":4}}", "PATCH", path + "/scale")
                    .statusCode(200)
                    .body("spec.replicas", equalTo(4));
        }
        watchShows(collection, version, nameOf(object));
        as("admin").delete(path).then().statusCode(org.hamcrest.Matchers.oneOf(200, 202));
    }

    /** What happened since the creation is in the history of the kind. */
    private void watchShows(String collection, String version, String name) {
        URI uri = URI.create("https://localhost:" + ServerUnderTest.port() + collection
                + "?watch=true&timeoutSeconds=10&resourceVersion=" + version);
        // Read until the event is there and not until the watch ends: there are many kinds.
        try (Stream<String> events = http.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofLines())
                .join()
                .body()) {
            assertThat(events.map(KindRows::yaml)
                            .anyMatch(event -> event.path("type").asText().equals("MODIFIED")
                                    && nameOf(event.path("object")).equals(name)))
                    .as("a change of %s is in the history", name)
                    .isTrue();
        }
    }

    private static ValidatableResponse send(String type, String body, String method, String path) {
        return as("admin").contentType(type).body(body).request(method, path).then();
    }

    private static String nameOf(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static String collection(ResourceDefinition kind) {
        String root = (kind.group().isEmpty() ? "/api/" : "/apis/") + kind.apiVersion();
        return root + (kind.namespaced() ? "/namespaces/" + NAMESPACE : "") + "/" + kind.plural();
    }

    /** What the server itself decides may not be asked for, and no valid object may be in another's way. */
    private static ObjectNode object(String name) {
        ObjectNode object = KindRows.valid(name);
        ObjectNode metadata = object.withObject("/metadata");
        metadata.remove(List.of("namespace", "uid", "finalizers"));
        if (name.equals("namespaces")) {
            metadata.put("name", "other");
            metadata.remove("labels");
        }
        if (name.equals("pods")) {
            object.withObject("/spec").put("serviceAccountName", POD_ACCOUNT);
        }
        if (name.startsWith("clusterroles.")) {
            // The server would write the aggregated rules in between.
            object.remove("aggregationRule");
        }
        if (name.equals("services")) {
            object.withObject("/spec").remove("clusterIP");
        }
        return object;
    }
}
