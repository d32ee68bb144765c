package dev.keelson.apiserver.custom;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.keelson.apiserver.http.ServerUnderTest;
import dev.keelson.apiserver.http.TestPki;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A kind with two versions and a webhook that turns one into the other: hostPort of v1 is host and port of v2. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class ConversionIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: doors.GROUP}
            spec:
              group: GROUP
              scope: Namespaced
              names: {plural: doors, kind: Door}
              conversion:
                strategy: Webhook
                webhook:
                  conversionReviewVersions: [v1]
                  clientConfig: {url: "https://localhost:PORT/convert", caBundle: BUNDLE}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    properties: {spec: {type: object, properties: {hostPort: {type: string}}}}
              - name: v2
                served: true
                storage: false
                schema:
                  openAPIV3Schema:
                    type: object
                    properties:
                      spec: {type: object, properties: {host: {type: string}, port: {type: string}, open: {type: boolean, default: true}}}
            """;

    private final CronTabs names = new CronTabs(TestPki.freshName("convert"));
    private HttpsServer webhook;

    @BeforeEach
    void start() throws IOException {
        webhook = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.setHttpsConfigurator(new HttpsConfigurator(ServerUnderTest.tls("apiserver")));
        webhook.createContext("/convert", ConversionIT::convert);
        webhook.start();
        String bundle = Base64.getEncoder()
                .encodeToString(Files.readAllBytes(ServerUnderTest.pki().resolve("ca.crt")));
        names.post(DEFINITION
                        .replace("GROUP", names.group())
                        .replace("PORT", Integer.toString(webhook.getAddress().getPort()))
                        .replace("BUNDLE", bundle))
                .statusCode(201);
        names.awaitServed("/apis/" + names.group() + "/v2");
    }

    @AfterEach
    void stop() {
        webhook.stop(0);
    }

    @Test
    void eachVersionShowsTheObjectInItsOwnForm() {
        create("v1", "{'metadata':{'name':'a'},'spec':{'hostPort':'localhost:80'}}")
                .statusCode(201);
        create("v2", "{'metadata':{'name':'b','labels':{'x':'y'}},'spec':{'host':'example.com','port':'443'}}")
                .statusCode(201)
                .body("apiVersion", equalTo(names.group() + "/v2"))
                .body("spec.open", equalTo(true));
        get("v2", "a").body("spec.host", equalTo("localhost")).body("spec.port", equalTo("80"));
        get("v1", "b").body("spec.hostPort", equalTo("example.com:443")).body("metadata.labels.x", equalTo("y"));
        get("v1", "")
                .body("items.apiVersion", everyItem(equalTo(names.group() + "/v1")))
                .body("items.spec.hostPort", containsInAnyOrder("localhost:80", "example.com:443"));
        get("v2", "").body("items.spec.host", containsInAnyOrder("localhost", "example.com"));
        as("admin")
                .contentType("application/merge-patch+json")
                .body("{\"spec\":{\"port\":\"81\"}}")
                .patch(path("v2") + "/a")
                .then()
                .statusCode(200)
                .body("spec.port", equalTo("81"));
        get("v1", "a").body("spec.hostPort", equalTo("localhost:81")).body("metadata.generation", equalTo(2));
    }

    @Test
    void watchesShowTheVersionThatWasAskedFor() throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(ServerUnderTest.tls("admin")).build()) {
            URI uri = URI.create("https://localhost:" + ServerUnderTest.port() + path("v2") + "?watch=true");
            var stream = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                create("v1", "{'metadata':{'name':'seen'},'spec':{'hostPort':'localhost:80'}}");
                JsonNode event = JSON.readTree(lines.readLine());
                assertThat(event.path("type").asText()).isEqualTo("ADDED");
                assertThat(event.path("object").path("spec").path("port").asText())
                        .isEqualTo("80");
            }
        }
    }

    @Test
    void aFailureIsTheWebhooksWord() {
        create("v1", "{'metadata':{'name':'bad'},'spec':{'hostPort':'none'}}").statusCode(201);
        get("v2", "bad")
                .statusCode(500)
                .body("message", equalTo(failed("no port in none")))
                .body("reason", nullValue())
                .body("details", nullValue());
        as("admin")
                .delete(CronTabs.DEFINITIONS + "/doors." + names.group())
                .then()
                .statusCode(200);
        names.eventually(() -> as("admin")
                .get(CronTabs.DEFINITIONS + "/doors." + names.group())
                .then()
                .statusCode(404));
    }

    @Test
    void whoCannotBeReachedIsNamed() {
        create("v1", "{'metadata':{'name':'alone'},'spec':{'hostPort':'localhost:80'}}")
                .statusCode(201);
        int port = webhook.getAddress().getPort();
        webhook.stop(0);
        get("v2", "alone")
                .statusCode(500)
                .body(
                        "message",
                        equalTo(failed("Post \"https://localhost:%d/convert?timeout=30s\": dial tcp 127.0.0.1:%d:"
                                        .formatted(port, port)
                                + " connect: connection refused")))
                .body("reason", nullValue());
        askAt("{\"service\":{\"namespace\":\"default\",\"name\":\"nobody\",\"path\":\"/turn\"},\"url\":null}");
        names.eventually(() -> get("v2", "alone")
                .body(
                        "message",
                        equalTo(failed("Post \"https://nobody.default.svc:443/turn?timeout=30s\":"
                                + " service \"nobody\" not found"))));
    }

    private void askAt(String client) {
        as("admin")
                .contentType("application/merge-patch+json")
                .body("{\"spec\":{\"conversion\":{\"webhook\":{\"clientConfig\":" + client + "}}}}")
                .patch(CronTabs.DEFINITIONS + "/doors." + names.group())
                .then()
                .statusCode(200);
    }

    private String failed(String why) {
        return "conversion webhook for " + names.group() + "/v1, Kind=Door failed: " + why;
    }

    @Test
    void anOlderWebhookIsAskedInItsVersion() {
        create("v1", "{'metadata':{'name':'old'},'spec':{'hostPort':'localhost:80'}}")
                .statusCode(201);
        as("admin")
                .contentType("application/merge-patch+json")
                .body(
                        "{\"spec\":{\"conversion\":{\"webhook\":{\"conversionReviewVersions\":[\"v0\",\"v1beta1\",\"v1\"]}}}}")
                .patch(CronTabs.DEFINITIONS + "/doors." + names.group())
                .then()
                .statusCode(200);
        names.eventually(() -> get("v2", "old")
                .body("metadata.annotations.review", equalTo("beta"))
                .body("spec.port", equalTo("80")));
    }

    @Test
    void everyStoredVersionStaysDeclared() {
        String definition = CronTabs.DEFINITIONS + "/doors." + names.group();
        as("admin")
                .contentType("application/json-patch+json")
                .body("[{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":false},"
                        + "{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":true}]")
                .patch(definition)
                .then()
                .statusCode(200)
                .body("status.storedVersions", contains("v1", "v2"));
        as("admin")
                .contentType("application/json-patch+json")
                .body("[{\"op\":\"remove\",\"path\":\"/spec/versions/0\"}]")
                .patch(definition)
                .then()
                .statusCode(422)
                .body("details.causes[0].field", equalTo("status.storedVersions[0]"));
    }

    private static void convert(HttpExchange exchange) throws IOException {
        JsonNode asked = JSON.readTree(exchange.getRequestBody());
        JsonNode request = asked.path("request");
        ObjectNode review = JSON.createObjectNode().put("kind", "ConversionReview");
        review.set("apiVersion", asked.path("apiVersion"));
        ObjectNode response = review.putObject("response");
        response.set("uid", request.path("uid"));
        ArrayNode converted = response.putArray("convertedObjects");
        response.putObject("result").put("status", "Success");
        for (JsonNode object : request.path("objects")) {
            ObjectNode copy = object.deepCopy();
            String apiVersion = request.path("desiredAPIVersion").asText();
            copy.put("apiVersion", apiVersion);
            if (asked.path("apiVersion").asText().endsWith("beta1")) {
                ((ObjectNode) copy.path("metadata")).putObject("annotations").put("review", "beta");
            }
            ObjectNode spec = (ObjectNode) copy.path("spec");
            if (apiVersion.endsWith("v2")) {
                String[] parts = spec.remove("hostPort").asText().split(":");
                if (parts.length < 2) {
                    response.putObject("result").put("status", "Failure").put("message", "no port in " + parts[0]);
                    continue;
                }
                spec.put("host", parts[0]).put("port", parts[1]);
            } else {
                spec.put(
                        "hostPort",
                        spec.remove("host").asText() + ":" + spec.remove("port").asText());
                spec.remove("open");
            }
            converted.add(copy);
        }
        byte[] body = JSON.writeValueAsBytes(review);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String path(String version) {
        return "/apis/" + names.group() + "/" + version + "/namespaces/default/doors";
    }

    private ValidatableResponse get(String version, String name) {
        return as("admin")
                .get(path(version) + (name.isEmpty() ? "" : "/" + name))
                .then();
    }

    private ValidatableResponse create(String version, String body) {
        return as("admin")
                .contentType("application/json")
                .body(body.replaceFirst("\\{", "{'apiVersion':'" + names.group() + "/" + version + "','kind':'Door',")
                        .replace('\'', '"'))
                .post(path(version))
                .then();
    }
}
