package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keelson's own paths: everything as it was, and who changed what. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class PastOverHttpIT {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private String maps = "";

    @BeforeEach
    void ownNamespace() {
        String namespace = TestPki.freshName("past");
        post("/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}").statusCode(201);
        maps = "/api/v1/namespaces/" + namespace + "/configmaps";
    }

    @Test
    void objectAndListAreReadAsTheyWere() {
        post(maps, "{'metadata':{'name':'kept','labels':{'a':'b'}}}").statusCode(201);
        String then = post(maps, "{'metadata':{'name':'a'},'data':{'x':'1'}}")
                .extract()
                .path("metadata.resourceVersion");
        patch(maps + "/a", "{'data':{'x':'2'}}");
        as("admin").delete(maps + "/a").then().statusCode(200);
        String past = "/keelson.dev/v1/past/" + then;

        as("admin")
                .get(past + maps + "/a")
                .then()
                .statusCode(200)
                .body("data.x", equalTo("1"))
                .body("metadata.resourceVersion", equalTo(then));
        as("admin")
                .get(past + maps + "?fieldSelector=metadata.name!%3Dkube-root-ca.crt")
                .then()
                .statusCode(200)
                .body("kind", equalTo("ConfigMapList"))
                .body("metadata.resourceVersion", equalTo(then))
                .body("items.metadata.name", contains("a", "kept"));
        as("admin").get(past + maps + "?labelSelector=a%3Db").then().body("items.metadata.name", contains("kept"));
        as("admin")
                .accept(TABLE)
                .get(past + maps + "/a")
                .then()
                .body("kind", equalTo("Table"))
                .body("rows[0].cells[0]", equalTo("a"));
        as("admin").get(maps + "/a").then().statusCode(404);
    }

    @Test
    void clientThatKnowsNothingOfThePastBrowsesIt() {
        as("admin").get("/keelson.dev/v1/past/1m/api").then().statusCode(200).body("kind", equalTo("APIVersions"));
        as("admin").get("/keelson.dev/v1/past/1m/version").then().statusCode(200);
        as("admin").get("/keelson.dev/v1/past/1d" + maps).then().statusCode(200).body("items", hasSize(0));
    }

    @Test
    void pastIsNotWrittenWatchedOrAhead() {
        as("admin")
                .body("{}")
                .contentType("application/json")
                .post("/keelson.dev/v1/past/2" + maps)
                .then()
                .statusCode(405)
                .body("message", startsWith("the past can be read"));
        as("admin")
                .body("{}")
                .contentType("application/json")
                .post("/keelson.dev/v1/past/2/apis/keelson.dev/v1/transactions")
                .then()
                .statusCode(405);
        as("admin")
                .get("/keelson.dev/v1/past/2/apis/metrics.k8s.io/v1beta1/nodes")
                .then()
                .statusCode(405);
        as("admin").get("/keelson.dev/v1/past/2" + maps + "?watch=true").then().statusCode(405);
        as("admin")
                .get("/keelson.dev/v1/past/999999999" + maps)
                .then()
                .statusCode(400)
                .body("message", containsString("lies in the future"));
        as("admin")
                .get("/keelson.dev/v1/past/soon" + maps)
                .then()
                .statusCode(400)
                .body("message", containsString("is no moment"));
        as("admin")
                .get("/keelson.dev/v1/past/2/apis/coordination.k8s.io/v1/leases")
                .then()
                .statusCode(400)
                .body("message", containsString("heartbeats"));
    }

    @Test
    void pastIsGuardedLikeThePresent() {
        as("bob")
                .get("/keelson.dev/v1/past/2" + maps)
                .then()
                .statusCode(403)
                .body("message", containsString("cannot list resource \"configmaps\""));
        as("bob").get("/keelson.dev/v1/history" + maps + "/a").then().statusCode(403);
    }

    @Test
    void changesTellWhoDidWhat() {
        post(maps, "{'metadata':{'name':'a'},'data':{'x':'1'}}").statusCode(201);
        patch(maps + "/a", "{'data':{'x':'2'}}");
        as("admin").delete(maps + "/a").then().statusCode(200);
        post(maps, "{'metadata':{'name':'a'}}").statusCode(201);
        String history = "/keelson.dev/v1/history" + maps + "/a";

        as("admin")
                .get(history)
                .then()
                .statusCode(200)
                .body("kind", equalTo("ChangeList"))
                .body("items.type", contains("Created", "Deleted", "Updated", "Created"))
                .body("items.user.unique()", contains("kubernetes-admin"))
                .body("items[2].object.data.x", equalTo("2"));
        String next = as("admin")
                .get(history + "?limit=1")
                .then()
                .body("items", hasSize(1))
                .extract()
                .path("metadata.continue");
        as("admin")
                .get(history + "?limit=10&continue=" + next)
                .then()
                .body("items.type", contains("Deleted", "Updated", "Created"));
        as("admin")
                .accept(TABLE)
                .get(history)
                .then()
                .body("columnDefinitions.name", contains("Revision", "Age", "Type", "User", "Changed"))
                .body("rows[2].cells[4]", equalTo("data.x"));
        as("admin").get("/keelson.dev/v1/history" + maps + "/never").then().statusCode(404);
        as("admin")
                .get("/keelson.dev/v1/history" + maps)
                .then()
                .statusCode(400)
                .body(
                        "message",
                        startsWith("a history is of one object: add its name, /keelson.dev/v1/history" + maps
                                + "/NAME; "));
    }

    private static ValidatableResponse post(String path, String json) {
        return as("admin")
                .contentType("application/json")
                .body(json.replace('\'', '"'))
                .post(path)
                .then();
    }

    private static void patch(String path, String json) {
        as("admin")
                .contentType("application/merge-patch+json")
                .body(json.replace('\'', '"'))
                .patch(path)
                .then()
                .statusCode(200);
    }
}
