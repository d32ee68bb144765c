package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Built-in kinds that are served in more than one version or group: one object, seen from either side. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class ServedVersionsIT {
    private String namespace = "";

    @BeforeEach
    void ownNamespace() {
        namespace = TestPki.freshName("versions");
        send("POST", "/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}")
                .statusCode(201);
    }

    private String autoscalers(String version) {
        return "/apis/autoscaling/" + version + "/namespaces/" + namespace + "/horizontalpodautoscalers";
    }

    private void createAutoscaler() {
        send("POST", autoscalers("v1"), """
                        {'apiVersion':'autoscaling/v1','kind':'HorizontalPodAutoscaler','metadata':{'name':'web'},
                         'spec':{'maxReplicas':3,'targetCPUUtilizationPercentage':60,
                                 'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'web'}}}""")
                .statusCode(201)
                .body("apiVersion", equalTo("autoscaling/v1"))
                .body("spec.targetCPUUtilizationPercentage", equalTo(60))
                .body("spec.minReplicas", equalTo(1))
                .body("spec.metrics", nullValue());
    }

    @Test
    void whatWasIsShownInTheVersionThatIsAskedFor() {
        createAutoscaler();
        String then = as("admin").get(autoscalers("v1") + "/web").path("metadata.resourceVersion");
        patch(autoscalers("v1") + "/web", "{'spec':{'targetCPUUtilizationPercentage':75}}")
                .statusCode(200);
        for (String one : new String[] {"", "/web"}) {
            String at = one.isEmpty() ? "items[0]." : "";
            as("admin")
                    .get("/keelson.dev/v1/past/" + then + autoscalers("v1") + one)
                    .then()
                    .statusCode(200)
                    .body("apiVersion", equalTo("autoscaling/v1"))
                    .body(at + "spec.targetCPUUtilizationPercentage", equalTo(60))
                    .body(at + "spec.metrics", nullValue());
            as("admin")
                    .get("/keelson.dev/v1/past/" + then + autoscalers("v2") + one)
                    .then()
                    .body(at + "spec.metrics[0].resource.target.averageUtilization", equalTo(60));
        }
        as("admin")
                .get("/keelson.dev/v1/history" + autoscalers("v1") + "/web")
                .then()
                .statusCode(200)
                .body("items.object.apiVersion", contains("autoscaling/v1", "autoscaling/v1"))
                .body("items.object.spec.targetCPUUtilizationPercentage", contains(75, 60));
    }

    @Test
    void anAutoscalerOfVersion1IsOneOfVersion2() {
        createAutoscaler();
        as("admin")
                .get(autoscalers("v2") + "/web")
                .then()
                .body("apiVersion", equalTo("autoscaling/v2"))
                .body("spec.metrics[0].resource.target.averageUtilization", equalTo(60));
        patch(autoscalers("v2") + "/web", "{'spec':{'behavior':{'scaleDown':{'stabilizationWindowSeconds':9}}}}")
                .statusCode(200);
        patch(autoscalers("v1") + "/web", "{'spec':{'targetCPUUtilizationPercentage':75}}")
                .statusCode(200)
                .body("spec.targetCPUUtilizationPercentage", equalTo(75))
                .body("metadata.generation", nullValue());
        as("admin")
                .get(autoscalers("v2"))
                .then()
                .body("items", hasSize(1))
                .body("apiVersion", equalTo("autoscaling/v2"))
                .body("items[0].spec.metrics.resource.target.averageUtilization", contains(75))
                .body("items[0].spec.behavior.scaleDown.stabilizationWindowSeconds", equalTo(9));
        as("admin")
                .get(autoscalers("v1"))
                .then()
                .body("apiVersion", equalTo("autoscaling/v1"))
                .body("items.spec.targetCPUUtilizationPercentage", contains(75));
    }

    @Test
    void watchesAndTablesShowTheVersionThatWasAskedFor() {
        createAutoscaler();
        for (String version : new String[] {"v1", "v2"}) {
            String events = as("admin")
                    .get(autoscalers(version) + "?watch=true&timeoutSeconds=1")
                    .asString();
            assertThat(events).contains("\"type\":\"ADDED\"").contains("\"apiVersion\":\"autoscaling/" + version);
            as("admin")
                    .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                    .get(autoscalers(version))
                    .then()
                    .body("rows[0].cells[2]", equalTo("cpu: <unknown>/60%"));
        }
    }

    @Test
    void rulesOfTheStoredVersionHoldForEveryVersion() {
        send("POST", autoscalers("v1"), """
                        {'metadata':{'name':'web'},'spec':{'maxReplicas':1,'minReplicas':2,
                         'scaleTargetRef':{'kind':'Deployment','name':'web'}}}""").statusCode(422).body("details.causes.field", contains("spec.maxReplicas"));
    }

    @Test
    void chunksStayInTheirVersion() {
        createAutoscaler();
        patchTwin("second");
        String next = as("admin").get(autoscalers("v1") + "?limit=1").path("metadata.continue");
        as("admin")
                .queryParam("continue", next)
                .get(autoscalers("v2"))
                .then()
                .statusCode(200)
                .body("items[0].spec.metrics.resource.target.averageUtilization", contains(60));
    }

    private void patchTwin(String name) {
        send("POST", autoscalers("v2"), """
                        {'metadata':{'name':'%s'},'spec':{'maxReplicas':3,
                         'scaleTargetRef':{'kind':'Deployment','name':'web'}}}""".formatted(name)).statusCode(201);
        // The first chunk's snapshot is behind the newest state, so the second one is read out of the past.
        patch(autoscalers("v2") + "/web", "{'metadata':{'labels':{'a':'b'}}}").statusCode(200);
    }

    @Test
    void eventsOfBothGroupsAreTheSameObjects() {
        String core = "/api/v1/namespaces/" + namespace + "/events";
        String newer = "/apis/events.k8s.io/v1/namespaces/" + namespace + "/events";
        send("POST", newer, """
                        {'metadata':{'name':'a'},'regarding':{'kind':'Pod','name':'p','namespace':'%s'},'note':'done',
                         'reason':'R','action':'A','type':'Normal','eventTime':'2026-01-01T00:00:00.000000Z',
                         'reportingController':'c','reportingInstance':'i'}""".formatted(namespace)).statusCode(201).body("note", equalTo("done"));
        send("POST", core, """
                        {'metadata':{'name':'b'},'involvedObject':{'kind':'Pod','name':'q','namespace':'%s'},
                         'message':'old','reason':'S','type':'Warning','count':2}""".formatted(namespace)).statusCode(201);
        as("admin")
                .get(core + "?fieldSelector=involvedObject.name=p")
                .then()
                .body("items.message", contains("done"))
                .body("items.reportingComponent", contains("c"));
        as("admin")
                .get(newer + "?fieldSelector=regarding.name=q")
                .then()
                .body("kind", equalTo("EventList"))
                .body("items.note", contains("old"))
                .body("items.deprecatedCount", contains(2))
                .body("apiVersion", equalTo("events.k8s.io/v1"));
        patch(newer + "/a", "{'note':'other'}").statusCode(422).body("details.causes[0].field", equalTo("message"));
        patch(newer + "/a", "{'series':{'count':2,'lastObservedTime':'2026-01-01T00:01:00.000000Z'}}")
                .statusCode(200);
        as("admin").get(core + "/a").then().body("series.count", equalTo(2));
        as("admin").delete(newer + "/b").then().statusCode(200);
        as("admin").get(core + "/b").then().statusCode(404);
        send("POST", newer, "{'metadata':{'name':'c'},'regarding':{'namespace':'" + namespace + "'}}")
                .statusCode(422)
                .body("details.causes[0].field", equalTo("eventTime"));
    }

    private static ValidatableResponse patch(String path, String body) {
        return as("admin")
                .contentType("application/merge-patch+json")
                .body(body.replace('\'', '"'))
                .patch(path)
                .then();
    }

    private static ValidatableResponse send(String method, String path, String body) {
        return as("admin")
                .contentType("application/json")
                .body(body.replace('\'', '"'))
                .request(method, path)
                .then();
    }
}
