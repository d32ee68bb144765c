package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is sent to have something done or answered: bindings, approvals, evictions, questions about access. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class ActionsIT extends ApiRequests {
    @Test
    void aBindingGivesThePodThatItNamesItsNode() {
        send(
                        "POST",
                        in("pods"),
                        "application/json",
                        "{'metadata':{'name':'p'},'spec':{'automountServiceAccountToken':false,'schedulerName':'own',"
                                + "'containers':[{'name':'c','image':'i'}]}}")
                .statusCode(201);
        String binding =
                "{'apiVersion':'v1','kind':'Binding','metadata':{'name':'p'},'target':{'kind':'Node','name':'n'}}";
        send("POST", in("bindings") + "?dryRun=All", "application/json", binding)
                .statusCode(201);
        as("admin").get(in("pods/p")).then().body("spec.nodeName", nullValue());
        send("POST", in("bindings"), "application/json", binding).statusCode(201);
        as("admin").get(in("pods/p")).then().body("spec.nodeName", equalTo("n"));
        send("POST", in("bindings"), "application/json", binding).statusCode(409);
        as("admin").get(in("bindings")).then().statusCode(405);
    }

    @Test
    void whoApprovesOrSignsMustBeAllowedToForTheSigner() {
        String role = TestPki.freshName("approver");
        String request = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
        send(
                        "POST",
                        "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                        "application/json",
                        "{'metadata':{'name':'" + role + "'},'rules':[{'apiGroups':['certificates.k8s.io'],"
                                + "'resources':['certificatesigningrequests/approval','certificatesigningrequests/status'],"
                                + "'verbs':['*']}]}")
                .statusCode(201);
        send(
                        "POST",
                        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                        "application/json",
                        "{'metadata':{'name':'" + role + "'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                                + "'kind':'ClusterRole','name':'" + role + "'},'subjects':[{'apiGroup':"
                                + "'rbac.authorization.k8s.io','kind':'User','name':'" + role + "'}]}")
                .statusCode(201);
        send(
                        "POST",
                        request,
                        "application/json",
                        "{'metadata':{'name':'" + role
                                + "'},'spec':{'signerName':'kubernetes.io/kube-apiserver-client',"
                                + "'usages':['client auth'],'request':'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K"
                                + "TUlJQgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K'}}")
                .statusCode(201);
        Map<String, String> decisions = Map.of("approval", "Approved", "status", "Failed");
        for (Map.Entry<String, String> decision : decisions.entrySet()) {
            as("admin")
                    .header("Impersonate-User", role)
                    .contentType("application/merge-patch+json")
                    .body("{\"status\":{\"conditions\":[{\"type\":\"%s\",\"status\":\"True\"}]}}"
                            .formatted(decision.getValue()))
                    .patch(request + "/" + role + "/" + decision.getKey())
                    .then()
                    .statusCode(403)
                    .body("message", containsString("with signerName \"kubernetes.io/kube-apiserver-client\""));
        }
        as("admin")
                .contentType("application/merge-patch+json")
                .body("{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\"}]}}")
                .patch(request + "/" + role + "/approval")
                .then()
                .statusCode(200);
    }

    @Test
    void questionsAreReadAsStrictlyAsObjects() {
        String reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        String question = "{'spec':{'resourceAttributes':{'verb':'get','resource':'pods','verb':'get','space':'n'}}}";
        send("POST", reviews + "?fieldValidation=Strict", "application/json", question)
                .statusCode(400)
                .body("message", containsString("SelfSubjectAccessReview in version \"v1\" cannot be handled"))
                .body("message", containsString("duplicate field \"spec.resourceAttributes.verb\""))
                .body("message", containsString("unknown field \"spec.resourceAttributes.space\""));
        send("POST", reviews, "application/json", question)
                .statusCode(201)
                .header("Warning", containsString("unknown field"))
                .body("spec.resourceAttributes.space", nullValue())
                .body("status.allowed", equalTo(true));
        send(
                        "POST",
                        reviews,
                        "application/json",
                        "{'spec':{'resourceAttributes':{'verb':'list','resource':'pods','labelSelector':{"
                                + "'rawSelector':'a=b','requirements':[{'key':'a','operator':'In'}]},'fieldSelector':{}}}}")
                .statusCode(422)
                .body(
                        "details.causes.field",
                        equalTo(List.of(
                                "spec.resourceAttributes.fieldSelector.requirements",
                                "spec.resourceAttributes.labelSelector.rawSelector",
                                "spec.resourceAttributes.labelSelector.requirements[0].values")));
        send("POST", reviews, "application/json", "{'metadata':{'name':'x'},'spec':{'resourceAttributes':{}}}")
                .statusCode(422)
                .body("details.causes.field", equalTo(List.of("metadata")));
        send("POST", reviews, "application/json", "{'spec':{'resourceAttributes':'pods'}}")
                .statusCode(400)
                .body("message", containsString("cannot unmarshal string into Go struct field"));
    }

    @Test
    void anEvictionThatIsToChangeNothingChangesNothing() {
        send(
                        "POST",
                        in("pods"),
                        "application/json",
                        "{'metadata':{'name':'stays'},'spec':{'automountServiceAccountToken':false,"
                                + "'containers':[{'name':'c','image':'i'}]}}")
                .statusCode(201);
        String eviction = "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'stays'}";
        send("POST", in("pods/stays/eviction"), "application/json", eviction + ",'deleteOptions':{'dryRun':['All']}}")
                .statusCode(201);
        as("admin").get(in("pods/stays")).then().statusCode(200);
        send("POST", in("pods/stays/eviction"), "application/json", eviction.replace("stays", "other") + "}")
                .statusCode(400)
                .body("message", equalTo("name in URL does not match name in Eviction object"));
        send("DELETE", in("pods/stays"), "application/json", "{'gracePeriodSeconds':'soon'}")
                .statusCode(400)
                .body(
                        "message",
                        containsString("DeleteOptions in version \"v1\" cannot be handled as a DeleteOptions"));
        send("POST", in("pods/stays/eviction"), "application/json", eviction + "}")
                .statusCode(201);
        as("admin").get(in("pods/stays")).then().statusCode(404);
    }

    @Test
    void anEvictionAsksTheBudgetThatGuardsThePod() {
        String budgets = "/apis/policy/v1/namespaces/" + namespace + "/poddisruptionbudgets";
        send(
                        "POST",
                        budgets,
                        "application/json",
                        "{'metadata':{'name':'b'},'spec':{'minAvailable':1,'selector':{'matchLabels':{'app':'web'}}}}")
                .statusCode(201);
        readyPod("one");
        readyPod("two");
        evict("one", "")
                .statusCode(429)
                .header("Retry-After", equalTo("10"))
                .body("details.causes[0].message", containsString("b is still being processed by the server."));

        send(
                        "PATCH",
                        budgets + "/b/status",
                        "application/merge-patch+json",
                        "{'status':{'observedGeneration':1,'disruptionsAllowed':1,'currentHealthy':2,"
                                + "'desiredHealthy':1,'expectedPods':2}}")
                .statusCode(200);
        evict("one", "?dryRun=All").statusCode(201);
        as("admin").get(budgets + "/b").then().body("status.disruptionsAllowed", equalTo(1));
        evict("one", "").statusCode(201);
        as("admin").get(in("pods/one")).then().statusCode(404);
        as("admin")
                .get(budgets + "/b")
                .then()
                .body("status.disruptionsAllowed", equalTo(0))
                .body("status.disruptedPods.keySet()", equalTo(Set.of("one")))
                .body("status.conditions[0].reason", equalTo("InsufficientPods"));

        evict("two", "")
                .statusCode(429)
                .body("reason", equalTo("TooManyRequests"))
                .body("message", equalTo("Cannot evict pod as it would violate the pod's disruption budget."))
                .body("details.causes[0].reason", equalTo("DisruptionBudget"))
                .body(
                        "details.causes[0].message",
                        equalTo("The disruption budget b needs 1 healthy pods and has 2 currently"));
        evict("two", "?dryRun=All").statusCode(429);
        as("admin").get(in("pods/two")).then().statusCode(200);

        send("POST", budgets, "application/json", "{'metadata':{'name':'second'},'spec':{'selector':{}}}")
                .statusCode(201);
        evict("two", "")
                .statusCode(500)
                .body("reason", nullValue())
                .body("message", containsString("more than one PodDisruptionBudget"));
    }

    @Test
    void evictionsAtOnceNeverTakeMoreThanTheBudgetAllows() {
        String budgets = "/apis/policy/v1/namespaces/" + namespace + "/poddisruptionbudgets";
        send("POST", budgets, "application/json", "{'metadata':{'name':'b'},'spec':{'selector':{}}}")
                .statusCode(201);
        send(
                        "PATCH",
                        budgets + "/b/status",
                        "application/merge-patch+json",
                        "{'status':{'observedGeneration':1,'disruptionsAllowed':3}}")
                .statusCode(200);
        List<String> pods = List.of("a", "b", "c", "d", "e", "f", "g", "h");
        pods.forEach(this::readyPod);
        List<Integer> answers = pods.stream()
                .map(pod -> CompletableFuture.supplyAsync(
                        () -> evict(pod, "").extract().statusCode(),
                        task -> Thread.ofVirtual().start(task)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .sorted()
                .toList();
        assertThat(answers).containsExactly(201, 201, 201, 429, 429, 429, 429, 429);
        as("admin").get(in("pods")).then().body("items.size()", equalTo(5));
    }

    @Test
    void anEvictedPodSaysWhyItGoes() {
        readyPod("held");
        send("PATCH", in("pods/held"), "application/merge-patch+json", "{'metadata':{'finalizers':['k.dev/hold']}}")
                .statusCode(200);
        String other = "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'held'},"
                + "'deleteOptions':{'preconditions':{'uid':'other'}}}";
        send("POST", in("pods/held/eviction"), "application/json", other)
                .statusCode(409)
                .body("message", containsString("the UID in the precondition (other) does not match"));
        evict("held", "?dryRun=All").statusCode(201);
        String why = "status.conditions.find { it.type == 'DisruptionTarget' }";
        as("admin").get(in("pods/held")).then().body(why, nullValue());
        evict("held", "").statusCode(201);
        String version = as("admin")
                .get(in("pods/held"))
                .then()
                .body("metadata.deletionTimestamp", notNullValue())
                .body(why + ".status", equalTo("True"))
                .body(why + ".reason", equalTo("EvictionByEvictionAPI"))
                .extract()
                .path("metadata.resourceVersion");
        evict("held", "").statusCode(201);
        as("admin").get(in("pods/held")).then().body("metadata.resourceVersion", equalTo(version));
    }

    private void readyPod(String name) {
        send(
                        "POST",
                        in("pods"),
                        "application/json",
                        "{'metadata':{'name':'" + name + "','labels':{'app':'web'}},'spec':{"
                                + "'automountServiceAccountToken':false,'containers':[{'name':'c','image':'i'}]}}")
                .statusCode(201);
        send(
                        "PATCH",
                        in("pods/" + name + "/status"),
                        "application/merge-patch+json",
                        "{'status':{'phase':'Running','conditions':[{'type':'Ready','status':'True'}]}}")
                .statusCode(200);
    }

    private ValidatableResponse evict(String pod, String query) {
        return send(
                "POST",
                in("pods/" + pod + "/eviction") + query,
                "application/json",
                "{'apiVersion':'policy/v1','kind':'Eviction','metadata':{'name':'" + pod + "'}}");
    }
}
