package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static dev.keelson.apiserver.http.ServerUnderTest.asNobody;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of objects over HTTP, as the Kubernetes API conventions describe it. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class ObjectsOverHttpIT {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private String namespace = "";

    @BeforeEach
    void ownNamespace() {
        namespace = TestPki.freshName("objects");
        post("/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}").statusCode(201);
    }

    @Test
    void createCompletesMetadataAndDefaults() {
        post(in("configmaps"), "{'metadata':{'generateName':'cm-','uid':'mine'},'data':{'a':'b'}}")
                .statusCode(201)
                .body("kind", equalTo("ConfigMap"))
                .body("apiVersion", equalTo("v1"))
                .body("metadata.name", matchesPattern("cm-[a-z0-9]{5}"))
                .body("metadata.namespace", equalTo(namespace))
                .body("metadata.uid", not(equalTo("mine")))
                .body("metadata.creationTimestamp", matchesPattern("....-..-..T..:..:..Z"))
                .body("metadata.resourceVersion", matchesPattern("\\d+"));
    }

    @Test
    void createRefusesWhatIsThere() {
        configMap("one");
        post(in("configmaps"), "{'metadata':{'name':'one'}}")
                .statusCode(409)
                .body("reason", equalTo("AlreadyExists"))
                .body("message", equalTo("configmaps \"one\" already exists"))
                .body("details.name", equalTo("one"))
                .body("details.kind", equalTo("configmaps"));
    }

    @Test
    void createNeedsANamespaceThatStays() {
        post("/api/v1/namespaces/missing/configmaps", "{'metadata':{'name':'one'}}")
                .statusCode(404)
                .body("message", equalTo("namespaces \"missing\" not found"));
        as("admin").delete("/api/v1/namespaces/" + namespace).then().statusCode(200);
        post(in("configmaps"), "{'metadata':{'name':'one'}}")
                .statusCode(403)
                .body("message", containsString("because it is being terminated"))
                .body("details.causes[0].reason", equalTo("NamespaceTerminating"));
        as("admin")
                .delete("/api/v1/namespaces/default")
                .then()
                .statusCode(403)
                .body("message", equalTo("namespaces \"default\" is forbidden: this namespace may not be deleted"));
    }

    @Test
    void aNamespaceGoesWhenItsLastFinalizerDoes() {
        as("admin").delete("/api/v1/namespaces/" + namespace).then().body("status.phase", equalTo("Terminating"));
        as("admin")
                .contentType("application/json")
                .body("{\"metadata\":{\"name\":\"" + namespace + "\"},\"spec\":{}}")
                .put("/api/v1/namespaces/" + namespace + "/finalize")
                .then()
                .statusCode(200);
        as("admin").get("/api/v1/namespaces/" + namespace).then().statusCode(404);
    }

    @Test
    void aStaleUpdateIsAConflict() {
        String first = configMap("one").extract().path("metadata.resourceVersion");
        put(in("configmaps/one"), "{'metadata':{'name':'one','resourceVersion':'" + first + "'},'data':{'a':'c'}}")
                .statusCode(200);
        put(in("configmaps/one"), "{'metadata':{'name':'one','resourceVersion':'" + first + "'},'data':{'a':'d'}}")
                .statusCode(409)
                .body("reason", equalTo("Conflict"))
                .body(
                        "message",
                        equalTo("Operation cannot be fulfilled on configmaps \"one\": the object has been modified;"
                                + " please apply your changes to the latest version and try again"));
    }

    @Test
    void anUpdateThatChangesNothingWritesNothing() {
        ValidatableResponse created = configMap("one");
        String before = created.extract().path("metadata.resourceVersion");
        put(in("configmaps/one"), "{'metadata':{'name':'one'},'data':{'a':'b'}}")
                .statusCode(200)
                .body("metadata.resourceVersion", equalTo(before))
                .body("metadata.uid", equalTo(created.extract().<String>path("metadata.uid")));
    }

    @Test
    void theGenerationCountsChangesOfTheSpec() {
        deployment("web").body("metadata.generation", equalTo(1));
        patch(in2("deployments/web"), "merge-patch", "{'metadata':{'labels':{'x':'y'}}}")
                .body("metadata.generation", equalTo(1));
        patch(in2("deployments/web"), "merge-patch", "{'spec':{'replicas':3}}")
                .body("metadata.generation", equalTo(2))
                .body("status.replicas", nullValue());
    }

    @Test
    void statusAndSpecAreWrittenApart() {
        deployment("web");
        patch(in2("deployments/web/status"), "merge-patch", "{'spec':{'replicas':9},'status':{'replicas':4}}")
                .statusCode(200)
                .body("spec.replicas", equalTo(1))
                .body("status.replicas", equalTo(4))
                .body("metadata.generation", equalTo(1));
        patch(in2("deployments/web"), "merge-patch", "{'spec':{'replicas':2},'status':{'replicas':5}}")
                .body("spec.replicas", equalTo(2))
                .body("status.replicas", equalTo(4));
    }

    @Test
    void scaleIsAViewOfTheReplicas() {
        deployment("web");
        patch(in2("deployments/web/scale"), "merge-patch", "{'spec':{'replicas':7}}")
                .statusCode(200)
                .body("kind", equalTo("Scale"))
                .body("apiVersion", equalTo("autoscaling/v1"))
                .body("spec.replicas", equalTo(7))
                .body("status.selector", equalTo("app=web"));
        as("admin").get(in2("deployments/web")).then().body("spec.replicas", equalTo(7));
        patch(in2("deployments/web/scale"), "merge-patch", "{'spec':{'replicas':-1}}")
                .statusCode(422)
                .body("details.causes[0].field", equalTo("spec.replicas"));
        as("admin")
                .header("Accept", TABLE)
                .get(in2("deployments/web/scale"))
                .then()
                .body("kind", equalTo("Table"))
                .body("rows[0].cells[1]", equalTo(7));
    }

    @Test
    void jsonPatchTestsAndChanges() {
        configMap("one");
        patch(in("configmaps/one"), "json-patch", "[{'op':'replace','path':'/data/a','value':'z'}]")
                .statusCode(200)
                .body("data.a", equalTo("z"));
        patch(in("configmaps/one"), "json-patch", "[{'op':'test','path':'/data/a','value':'no'}]")
                .statusCode(422)
                .body("reason", equalTo("Invalid"))
                .body("message", equalTo("the server rejected our request due to an error in our request"))
                .body("details.causes[0].message", equalTo("testing value /data/a failed: it is \"z\""));
    }

    @Test
    void aPatchWithAStaleVersionIsAConflict() {
        configMap("one");
        patch(in("configmaps/one"), "merge-patch", "{'metadata':{'resourceVersion':'1'},'data':{'a':'z'}}")
                .statusCode(409);
    }

    @Test
    void aDryRunChangesNothing() {
        post(in("configmaps") + "?dryRun=All", "{'metadata':{'name':'dry'}}").statusCode(201);
        as("admin").get(in("configmaps/dry")).then().statusCode(404);
        configMap("one");
        as("admin").delete(in("configmaps/one") + "?dryRun=All").then().statusCode(200);
        as("admin").get(in("configmaps/one")).then().statusCode(200);
    }

    @Test
    void deletePreconditions() {
        String uid = configMap("one").extract().path("metadata.uid");
        delete(in("configmaps/one"), "{'preconditions':{'uid':'other'}}")
                .statusCode(409)
                .body(
                        "message",
                        containsString("Precondition failed: UID in precondition: other, UID in object meta: " + uid));
        delete(in("configmaps/one"), "{'preconditions':{'uid':'" + uid + "'}}")
                .statusCode(200)
                .body("status", equalTo("Success"))
                .body("details.uid", equalTo(uid));
    }

    @Test
    void finalizersHoldAnObjectUntilTheyAreGone() {
        post(in("configmaps"), "{'metadata':{'name':'held','finalizers':['example.com/hold']}}");
        as("admin").delete(in("configmaps/held")).then().body("metadata.deletionTimestamp", notNullValue());
        patch(in("configmaps/held"), "merge-patch", "{'metadata':{'finalizers':['example.com/hold','example.com/b']}}")
                .statusCode(422)
                .body("details.causes[0].field", equalTo("metadata.finalizers"));
        patch(in("configmaps/held"), "merge-patch", "{'metadata':{'finalizers':null}}")
                .statusCode(200);
        as("admin").get(in("configmaps/held")).then().statusCode(404);
    }

    @Test
    void aBoundPodIsRemovedByItsNode() {
        pod("p");
        post(in("pods/p/binding"), "{'apiVersion':'v1','kind':'Binding','target':{'kind':'Node','name':'n1'}}")
                .statusCode(201)
                .body("status", equalTo("Success"));
        as("admin")
                .get(in("pods/p"))
                .then()
                .body("spec.nodeName", equalTo("n1"))
                .body("status.phase", equalTo("Pending"))
                .body("status.conditions.find { it.type == 'PodScheduled' }.status", equalTo("True"));
        post(in("pods/p/binding"), "{'target':{'name':'n2'}}")
                .statusCode(409)
                .body("message", containsString("already assigned to node \"n1\""));
        as("admin")
                .delete(in("pods/p"))
                .then()
                .statusCode(200)
                .body("metadata.deletionGracePeriodSeconds", equalTo(30));
        as("node").delete(in("pods/p") + "?gracePeriodSeconds=0").then().statusCode(200);
        as("admin").get(in("pods/p")).then().statusCode(404);
    }

    @Test
    void evictionDeletes() {
        // Clients before 1.22 know the beta version only.
        for (String version : List.of("v1", "v1beta1")) {
            pod("p");
            String body = "{'kind':'Eviction','apiVersion':'policy/%s','metadata':{'name':'p'}}".formatted(version);
            post(in("pods/p/eviction"), body).statusCode(201);
            as("admin").get(in("pods/p")).then().statusCode(404);
        }
        pod("p");
        post(in("pods/p/eviction"), "{'kind':'Eviction','apiVersion':'policy/v2','metadata':{'name':'p'}}")
                .statusCode(400);
    }

    @Test
    void listsComeInChunksOfOneMoment() {
        for (String name : new String[] {"a", "b", "c", "d", "e"}) {
            configMap(name);
        }
        String token = as("admin")
                .get(in("configmaps") + "?limit=2")
                .then()
                .body("items.metadata.name", equalTo(java.util.List.of("a", "b")))
                .body("metadata.remainingItemCount", equalTo(3))
                .extract()
                .path("metadata.continue");
        configMap("aa");
        as("admin").delete(in("configmaps/c")).then().statusCode(200);
        as("admin")
                .get(in("configmaps") + "?limit=10&continue=" + token)
                .then()
                .body("items.metadata.name", equalTo(java.util.List.of("c", "d", "e")))
                .body("metadata.continue", nullValue());
        as("admin")
                .get(in("configmaps") + "?continue=nonsense")
                .then()
                .statusCode(400)
                .body("message", containsString("continue"));
    }

    /** History is kept for days: the token is one of a list that began before everything that is kept. */
    @Test
    void aListThatBeganBeforeHistoryGoesOnWithoutConsistency() {
        for (String name : new String[] {"a", "b", "d"}) {
            configMap(name);
        }
        String token = as("admin").get(in("configmaps") + "?limit=2").path("metadata.continue");
        String json = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        String old = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.replaceFirst("\"rv\":[0-9]+", "\"rv\":0").getBytes(StandardCharsets.UTF_8));
        configMap("c");
        String next = as("admin")
                .get(in("configmaps") + "?limit=1&continue=" + old)
                .then()
                .statusCode(410)
                .body("reason", equalTo("Expired"))
                .body("message", containsString("use the continue token in this response"))
                .extract()
                .path("metadata.continue");
        String rest = as("admin")
                .get(in("configmaps") + "?limit=1&continue=" + next)
                .then()
                .statusCode(200)
                .body("items.metadata.name", equalTo(java.util.List.of("c")))
                .extract()
                .path("metadata.continue");
        as("admin")
                .get(in("configmaps") + "?continue=" + rest)
                .then()
                .body("items.metadata.name", equalTo(java.util.List.of("d")));
    }

    @Test
    void selectorsSelect() {
        post(in("configmaps"), "{'metadata':{'name':'x','labels':{'app':'web'}}}");
        post(in("configmaps"), "{'metadata':{'name':'y','labels':{'app':'db'}}}");
        as("admin")
                .get(in("configmaps") + "?labelSelector=app%20in%20(web,mail)")
                .then()
                .body("items.metadata.name", equalTo(java.util.List.of("x")));
        as("admin")
                .get(in("configmaps") + "?fieldSelector=metadata.name!%3Dx")
                .then()
                .body("items.metadata.name", not(hasItem("x")))
                .body("items.metadata.name", hasItem("y"));
        as("admin")
                .delete(in("configmaps") + "?labelSelector=app%3Dweb")
                .then()
                .statusCode(200)
                .body("items", hasSize(1));
        as("admin").get(in("configmaps/y")).then().statusCode(200);
    }

    @Test
    void tablesAndMetadataAlone() {
        configMap("one");
        as("admin")
                .header("Accept", TABLE)
                .get(in("configmaps"))
                .then()
                .body("kind", equalTo("Table"))
                .body("columnDefinitions[0].name", equalTo("Name"))
                .body("rows[0].cells[0]", equalTo("one"))
                .body("rows[0].object.kind", equalTo("PartialObjectMetadata"))
                .body("rows[0].object.data", nullValue());
        as("admin")
                .header("Accept", TABLE)
                .get(in("configmaps") + "?includeObject=Object")
                .then()
                .body("rows[0].object.data.a", equalTo("b"));
        as("admin")
                .header("Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
                .get(in("configmaps"))
                .then()
                .body("kind", equalTo("PartialObjectMetadataList"))
                .body("items[0].data", nullValue());
        as("admin")
                .header("Accept", "application/yaml")
                .get(in("configmaps/one"))
                .then()
                .contentType("application/yaml")
                .body(containsString("kind: \"ConfigMap\""));
    }

    @Test
    void whoMayNotIsToldWhat() {
        as("bob")
                .get(in("pods"))
                .then()
                .statusCode(403)
                .body(
                        "message",
                        equalTo("pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the"
                                + " namespace \"" + namespace + "\""));
        as("bob")
                .get("/apis/apps/v1/namespaces/x/deployments/web")
                .then()
                .body("message", containsString("deployments.apps \"web\" is forbidden"));
        asNobody()
                .get(in("pods"))
                .then()
                .statusCode(403)
                .body("message", containsString("User \"system:anonymous\" cannot list resource \"pods\""));
        asNobody()
                .header("Authorization", "Bearer no-token-of-ours")
                .get("/readyz")
                .then()
                .statusCode(401)
                .body("reason", equalTo("Unauthorized"));
        asNobody().get("/readyz").then().statusCode(200);
        asNobody().get("/version").then().body("minor", equalTo("32"));
        as("bob")
                .contentType("application/json")
                .body("{\"spec\":{\"resourceAttributes\":{\"verb\":\"get\",\"resource\":\"pods\"}}}")
                .post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
                .then()
                .statusCode(201)
                .body("status.allowed", equalTo(false));
    }

    private String in(String path) {
        return "/api/v1/namespaces/" + namespace + "/" + path;
    }

    @Test
    void aCollectionIsDeletedInChunksAndShown() {
        configMap("a");
        configMap("b");
        configMap("c");
        String rest = delete(in("configmaps?limit=2"), "{}")
                .statusCode(200)
                .body("kind", equalTo("ConfigMapList"))
                .body("items.metadata.name", equalTo(List.of("a", "b")))
                .body("metadata.remainingItemCount", equalTo(1))
                .extract()
                .path("metadata.continue");
        as("admin")
                .accept(TABLE)
                .queryParam("continue", rest)
                .queryParam("limit", 2)
                .delete(in("configmaps"))
                .then()
                .statusCode(200)
                .body("kind", equalTo("Table"))
                .body("rows.size()", equalTo(1))
                .body("rows[0].cells[0]", equalTo("c"))
                .body("metadata.continue", nullValue());
        as("admin").get(in("configmaps")).then().body("items", hasSize(0));
    }

    private String in2(String path) {
        return "/apis/apps/v1/namespaces/" + namespace + "/" + path;
    }

    private ValidatableResponse configMap(String name) {
        return post(in("configmaps"), "{'metadata':{'name':'" + name + "'},'data':{'a':'b'}}")
                .statusCode(201);
    }

    private ValidatableResponse pod(String name) {
        return post(in("pods"), "{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i'}]}}")
                .statusCode(201);
    }

    private ValidatableResponse deployment(String name) {
        return post(
                        in2("deployments"),
                        "{'metadata':{'name':'" + name + "'},'spec':{'replicas':1,"
                                + "'selector':{'matchLabels':{'app':'web'}},'template':{'metadata':{'labels':"
                                + "{'app':'web'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}")
                .statusCode(201);
    }

    private static ValidatableResponse post(String path, String body) {
        return as("admin")
                .contentType("application/json")
                .body(json(body))
                .post(path)
                .then();
    }

    private static ValidatableResponse put(String path, String body) {
        return as("admin")
                .contentType("application/json")
                .body(json(body))
                .put(path)
                .then();
    }

    private static ValidatableResponse delete(String path, String body) {
        return as("admin")
                .contentType("application/json")
                .body(json(body))
                .delete(path)
                .then();
    }

    private static ValidatableResponse patch(String path, String type, String body) {
        return as("admin")
                .contentType("application/" + type + "+json")
                .body(json(body))
                .patch(path)
                .then();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
