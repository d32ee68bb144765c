package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.keelson.apiserver.Eventually;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of the Kubernetes API rely on beside the objects themselves: headers, documents, lists, metrics. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class ApiMachineryIT extends ApiRequests {
    @Test
    void everyAnswerHasAnAuditIdThatAClientMayChoose() {
        as("admin").get("/version").then().header("Audit-Id", matchesPattern("[0-9a-f-]{36}"));
        as("admin").header("Audit-Id", "mine-1").get(in("pods")).then().header("Audit-Id", "mine-1");
        as("admin").header("Audit-Id", "no good\u00e9").get(in("pods")).then().header("Audit-Id", not("no good"));
    }

    @Test
    void peopleGetTheirJsonLaidOut() {
        assertThat(text("/version?pretty=true", "x/1")).startsWith("{\n  \"major\": \"1\",\n");
        assertThat(text("/version", "curl/8.5.0")).startsWith("{\n  \"major\"");
        assertThat(text("/version?pretty=false", "curl/8.5.0")).startsWith("{\"major\"");
        assertThat(text("/version", "kubectl/v1.32.0")).startsWith("{\"major\"");
    }

    @Test
    void componentStatusesSayWhatWorks() {
        as("admin")
                .get("/api/v1/componentstatuses")
                .then()
                .header("Warning", equalTo("299 - \"v1 ComponentStatus is deprecated in v1.19+\""))
                .body("kind", equalTo("ComponentStatusList"))
                .body("items.find { it.metadata.name == 'postgresql' }.conditions[0].status", equalTo("True"))
                // Nobody leads: this server runs alone.
                .body("items.find { it.metadata.name == 'scheduler' }.conditions[0].error", containsString("lease"));
        as("admin")
                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .get("/api/v1/componentstatuses/postgresql")
                .then()
                .body("rows[0].cells", equalTo(List.of("postgresql", "Healthy", "ok", "")));
        as("admin").get("/api/v1/componentstatuses/other").then().statusCode(404);
    }

    @Test
    void theRootSaysWhichPathsThereAre() {
        as("admin")
                .get("/")
                .then()
                .statusCode(200)
                .body("paths", hasItems("/api/v1", "/apis/apps", "/apis/apps/v1", "/apis/keelson.dev/v1", "/version"));
        as("admin").get("/version/").then().statusCode(200).body("minor", equalTo("32"));
        as("admin")
                .get("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io")
                .then()
                .statusCode(200);
    }

    @Test
    void theServiceOfTheApiComesBackWhenItIsDeleted() {
        String path = "/api/v1/namespaces/default/services/kubernetes";
        String address = as("admin").get(path).then().statusCode(200).extract().path("spec.clusterIP");
        as("admin").delete(path).then().statusCode(200);
        Eventually.until("the service is there", () -> as("admin").get(path).statusCode() == 200);
        as("admin").get(path).then().body("spec.clusterIP", equalTo(address));
    }

    @Test
    void aListIsReadAtTheRevisionThatIsAskedFor() {
        String before = configMap("a").extract().path("metadata.resourceVersion");
        configMap("b");
        as("admin").delete(in("configmaps/a")).then().statusCode(200);
        list("?resourceVersionMatch=Exact&resourceVersion=" + before)
                .statusCode(200)
                .body("metadata.resourceVersion", equalTo(before))
                .body("items.metadata.name", equalTo(List.of("a")));
        list("?resourceVersionMatch=NotOlderThan&resourceVersion=" + before).body("items", hasSize(1));
        list("?resourceVersionMatch=Exact&resourceVersion=1").statusCode(equalToEither(200, 410));
        list("?resourceVersion=999999999").statusCode(504).body("details.retryAfterSeconds", equalTo(1));
        list("?resourceVersion=banana").statusCode(400);
        list("?resourceVersionMatch=Exact").statusCode(422);
        list("?sendInitialEvents=true").statusCode(422);
        list("?continue=banana").statusCode(400);
    }

    @Test
    void requestsAndObjectsAreCountedUnderKubernetesNames() {
        configMap("counted");
        as("admin").get("/api/v1/madeup" + namespace).then().statusCode(404);
        as("admin").get(in("configmaps")).then().statusCode(200);
        as("admin").get("/api/v1/componentstatuses").then().statusCode(200);
        as("bob").get("/nothing").then().statusCode(403);
        ServerUnderTest.asNobody()
                .header("Authorization", "Bearer nobodys")
                .get("/version")
                .then()
                .statusCode(401);
        as("admin").get(in("configmaps") + "?watch=true&timeoutSeconds=1").asString();
        String metrics = as("admin").get("/metrics").asString();
        assertThat(metrics)
                .containsPattern(
                        "apiserver_request_total\\{verb=\"POST\",dry_run=\"\",group=\"\",version=\"v1\","
                                + "resource=\"configmaps\",subresource=\"\",scope=\"namespace\",component=\"apiserver\",code=\"201\"")
                .contains("apiserver_request_duration_seconds_bucket{verb=\"POST\"")
                .contains("apiserver_current_inflight_requests{request_kind=\"readOnly\"")
                .containsPattern("apiserver_storage_objects\\{resource=\"configmaps\",?\\} [1-9]")
                .containsPattern(
                        "apiserver_watch_events_total\\{group=\"\",version=\"v1\",kind=\"ConfigMap\",?\\} [1-9]")
                .contains("process_resident_memory_bytes")
                .contains("process_open_fds")
                .contains("kubernetes_build_info{major=\"1\",minor=\"32\",")
                .containsPattern("apiserver_storage_size_bytes\\{storage_cluster_id=\"postgresql\",?\\} [1-9]")
                .containsPattern(
                        "apiserver_response_sizes_sum\\{verb=\"LIST\",group=\"\",version=\"v1\",resource=\"configmaps\","
                                + "subresource=\"\",scope=\"namespace\",component=\"apiserver\",?\\} [1-9]")
                .doesNotContain("apiserver_response_sizes_sum{verb=\"POST\"")
                .containsPattern(
                        "apiserver_watch_events_sizes_sum\\{group=\"\",version=\"v1\",kind=\"ConfigMap\",?\\} [1-9]")
                .containsPattern(
                        "apiserver_requested_deprecated_apis\\{group=\"\",version=\"v1\",resource=\"componentstatuses\","
                                + "subresource=\"\",removed_release=\"\",?\\} 1")
                .containsPattern("apiserver_admission_step_admission_duration_seconds_count"
                        + "\\{operation=\"CREATE\",rejected=\"false\",type=\"validate\",?\\} [1-9]")
                .containsPattern("apiserver_client_certificate_expiration_seconds_count [1-9]")
                .containsPattern("authentication_attempts\\{result=\"success\",?\\} [1-9]")
                .containsPattern("authentication_attempts\\{result=\"error\",?\\} [1-9]")
                .containsPattern("authenticated_user_requests\\{username=\"(admin|other)\",?\\} [1-9]")
                .containsPattern("authorization_attempts_total\\{result=\"no-opinion\",?\\} [1-9]")
                .containsPattern("authorization_duration_seconds_count\\{result=\"allowed\",?\\} [1-9]")
                .doesNotContain("madeup")
                .doesNotContain("_created");
        assertThat(metrics.lines().filter(line -> line.startsWith("# TYPE ")).toList())
                .doesNotHaveDuplicates();
    }

    /** As kube-apiserver answers them: text where nothing is, a Status where a group of its own lacks what is asked for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/apis/none.example.com",
                "/apis/none.example.com/v1/things",
                "/openapi/v3/apis/none/v1",
                "/livez/none"
            })
    void whereNothingIsPlainTextSaysSo(String path) {
        as("admin")
                .get(path)
                .then()
                .statusCode(404)
                .header("Content-Type", equalTo("text/plain; charset=utf-8"))
                .body(equalTo("404 page not found\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/madeup",
                "/api/v9/pods",
                "/apis/apps/v9",
                "/apis/apps/v1/madeup",
                "/apis/authorization.k8s.io/v1/madeup",
                "/api/v1/namespaces/default/pods/p/madeup",
                "/api/v1/namespaces/default/nodes/n"
            })
    void whatAGroupLacksAStatusSays(String path) {
        as("admin")
                .get(path)
                .then()
                .statusCode(404)
                .body("kind", equalTo("Status"))
                .body("reason", equalTo("NotFound"))
                .body("message", equalTo("the server could not find the requested resource"))
                .body("details", anEmptyMap());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/apis/none.example.com/v1/things", "/api/v1/madeup"})
    void rightsAreAskedBeforeAnythingIsLookedFor(String path) {
        as("bob").get(path).then().statusCode(403).body("reason", equalTo("Forbidden"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        "GET, /api/v1/namespaces/default/bindings",
        "PUT, /api/v1/namespaces/default/pods",
        "POST, /api/v1/namespaces/default/pods/p",
        "DELETE, /version"
    })
    void aMethodThatAPathHasNotIsNotAllowed(String method, String path) {
        as("admin")
                .request(method, path)
                .then()
                .statusCode(405)
                .body("reason", equalTo("MethodNotAllowed"))
                .body("message", equalTo("the server does not allow this method on the requested resource"))
                .body("details", anEmptyMap());
    }

    @Test
    void anAnswerToAQuestionHasTheMetadataOfWhatWasNeverMade() {
        as("bob")
                .contentType("application/json")
                .body("{\"spec\":{\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}}")
                .post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
                .then()
                .statusCode(201)
                .body("kind", equalTo("SelfSubjectAccessReview"))
                .body("metadata.keySet()", contains("creationTimestamp"))
                .body("metadata.creationTimestamp", nullValue())
                .body("status.allowed", equalTo(false));
    }

    @Test
    void oldClientsGetTheOpenApiDocumentAsProtobuf() {
        String type = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
        String tag = as("admin")
                .accept(type)
                .get("/openapi/v2")
                .then()
                .statusCode(200)
                .header("Content-Type", equalTo(type.replace('@', '.')))
                .extract()
                .header("ETag");
        as("admin")
                .accept(type)
                .header("If-None-Match", tag)
                .get("/openapi/v2")
                .then()
                .statusCode(304);
        as("admin").accept("text/html").get("/openapi/v2").then().statusCode(406);
    }

    /** A large token, a long selector: as much over HTTP/2, which kubectl speaks, as over HTTP/1.1. */
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void headersMayBeLong(HttpClient.Version version) throws Exception {
        HttpClient.Builder builder = HttpClient.newBuilder().version(version).sslContext(ServerUnderTest.tls("admin"));
        try (HttpClient client = builder.build()) {
            URI uri = URI.create("https://127.0.0.1:" + ServerUnderTest.port() + "/version");
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("X-Long", "a".repeat(40_000))
                    .build();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    private static org.hamcrest.Matcher<Integer> equalToEither(int one, int other) {
        return org.hamcrest.Matchers.anyOf(equalTo(one), equalTo(other));
    }

    private ValidatableResponse list(String query) {
        return as("admin").get(in("configmaps") + query).then();
    }

    private static String text(String path, String agent) {
        return as("admin").header("User-Agent", agent).get(path).asString();
    }
}
