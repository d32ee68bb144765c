package dev.keelson.apiserver.custom;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;

import dev.keelson.apiserver.http.OpenWatch;
import dev.keelson.apiserver.http.ServerUnderTest;
import dev.keelson.apiserver.http.TestPki;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code selectableFields} of custom resources (KEP-4358), in everything that takes a field selector. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class SelectableFieldsIT {
    private static final String MERGE = "application/merge-patch+json";

    private final CronTabs crontabs = new CronTabs(TestPki.freshName("selected"));

    @BeforeEach
    void install() {
        crontabs.post(crontabs.definition()
                        .replace(
                                "selectableFields: [{jsonPath: .spec.policy}]",
                                "selectableFields: [{jsonPath: .spec.replicas}, {jsonPath: .spec.policy},"
                                        + " {jsonPath: .spec.suspend}]")
                        .replace(
                                "free: {type: object, x",
                                "suspend: {type: boolean}\n              free: {type: object, x"))
                .statusCode(201);
        crontabs.awaitServed("/apis/" + crontabs.group() + "/v1");
    }

    @Test
    void listsSelectByTextNumberAndTruth() {
        create("a", "'policy':'Forbid','replicas':2");
        create("b", "'policy':'Allow','suspend':true");
        create("c", "'policy':'Forbid'");

        list("spec.policy=Forbid").body("items.metadata.name", contains("a", "c"));
        list("spec.policy!=Forbid").body("items.metadata.name", contains("b"));
        list("spec.suspend=true").body("items.metadata.name", contains("b"));
        // A default counts like a value that somebody wrote.
        list("spec.replicas=1").body("items.metadata.name", contains("b", "c"));
        list("spec.policy=Forbid,spec.replicas!=1,metadata.name=a").body("items.metadata.name", contains("a"));
        list("spec.policy=Forbid,metadata.name=b").body("items.size()", equalTo(0));
        list("spec.cronSpec=x").statusCode(400).body("message", equalTo("field label not supported: spec.cronSpec"));
        as("admin")
                .delete(crontabs.path() + "?fieldSelector=" + encoded("spec.policy=Forbid"))
                .then()
                .statusCode(200)
                .body("items.metadata.name", contains("a", "c"));
        list("").body("items.metadata.name", contains("b"));
    }

    @Test
    void watchesShowHowObjectsComeIntoSightAndLeaveIt() {
        String start = create("a", "'policy':'Allow'").extract().path("metadata.resourceVersion");
        try (OpenWatch watch =
                OpenWatch.of(crontabs.path(), query("spec.policy=Forbid") + "&resourceVersion=" + start)) {
            patch("a", "{'spec':{'policy':'Forbid'}}");
            assertThat(watch.next()).isEqualTo("ADDED a");
            patch("a", "{'spec':{'replicas':3}}");
            assertThat(watch.next()).isEqualTo("MODIFIED a");
            patch("a", "{'spec':{'policy':'Allow'}}");
            assertThat(watch.next()).isEqualTo("DELETED a");
            as("admin").delete(crontabs.path("a")).then().statusCode(200);
            create("b", "'policy':'Forbid'");
            assertThat(watch.next()).isEqualTo("ADDED b");
            as("admin").delete(crontabs.path("b")).then().statusCode(200);
            assertThat(watch.next()).isEqualTo("DELETED b");
        }
    }

    @Test
    void aChangedDefinitionSelectsByItsNewFieldsAtOnce() {
        create("a", "'policy':'Forbid'");
        as("admin")
                .contentType("application/json-patch+json")
                .body("[{\"op\":\"replace\",\"path\":\"/spec/versions/0/selectableFields\","
                        + "\"value\":[{\"jsonPath\":\".spec.cronSpec\"}]}]")
                .patch(CronTabs.DEFINITIONS + "/" + crontabs.definitionName())
                .then()
                .statusCode(200);
        crontabs.eventually(
                () -> list("spec.cronSpec=* * * * *").statusCode(200).body("items.metadata.name", contains("a")));
        list("spec.policy=Forbid").statusCode(400);
        as("admin")
                .get(crontabs.path() + "?watch=true&" + query("spec.policy=Forbid"))
                .then()
                .statusCode(400);
    }

    @Test
    void openApiNamesThemInTheOrderOfTheDefinition() {
        String schema = ".'" + crontabs.schemaName() + "'.'x-kubernetes-selectable-fields'.fieldPath";
        as("admin")
                .get("/openapi/v3/apis/" + crontabs.group() + "/v1")
                .then()
                .body("components.schemas" + schema, contains("spec.replicas", "spec.policy", "spec.suspend"));
        as("admin")
                .get("/openapi/v2")
                .then()
                .body("definitions" + schema, containsInAnyOrder("spec.replicas", "spec.policy", "spec.suspend"));
    }

    private ValidatableResponse create(String name, String spec) {
        return as("admin")
                .contentType("application/json")
                .body(("{'apiVersion':'" + crontabs.group() + "/v1','kind':'CronTab','metadata':{'name':'" + name
                                + "'},'spec':{'cronSpec':'* * * * *'," + spec + "}}")
                        .replace('\'', '"'))
                .post(crontabs.path())
                .then()
                .statusCode(201);
    }

    private void patch(String name, String body) {
        as("admin")
                .contentType(MERGE)
                .body(body.replace('\'', '"'))
                .patch(crontabs.path(name))
                .then()
                .statusCode(200);
    }

    private ValidatableResponse list(String selector) {
        return as("admin").get(crontabs.path() + "?" + query(selector)).then();
    }

    private static String query(String selector) {
        return "fieldSelector=" + encoded(selector);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
