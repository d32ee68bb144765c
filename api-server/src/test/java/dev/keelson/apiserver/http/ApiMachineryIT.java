package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients of the Kubernetes API rely on beside the verbs themselves: parameters, headers, ownership of fields. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class ApiMachineryIT {
    private String namespace = "";

    @BeforeEach
    void ownNamespace() {
        namespace = TestPki.freshName("machinery");
        send("POST", "/api/v1/namespaces", "application/json", "{'metadata':{'name':'" + namespace + "'}}")
                .statusCode(201);
    }

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
    void someKindsAreCreatedByAnUpdate() {
        String endpoints = "{'metadata':{'name':'e'},'subsets':[]}";
        put(in("endpoints/e"), endpoints).statusCode(201).body("metadata.uid", notNullValue());
        put(in("endpoints/e"), endpoints).statusCode(200);
        put(in("configmaps/c"), "{'metadata':{'name':'c'}}").statusCode(404).body("reason", equalTo("NotFound"));
        put(in("endpoints/f"), "{'metadata':{'name':'f','uid':'gone'},'subsets':[]}")
                .statusCode(404);
    }

    @Test
    void whoAppliesAScaleOwnsTheNumberOfReplicas() {
        String deployment = "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'scaled'},'spec':{"
                + "'replicas':2,'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                + "'spec':{'containers':[{'name':'c','image':'i'}]}}}}";
        String path = "/apis/apps/v1/namespaces/" + namespace + "/deployments/scaled";
        send("PATCH", path + "?fieldManager=maker", "application/apply-patch+yaml", deployment)
                .statusCode(201);
        String scale =
                "{'apiVersion':'autoscaling/v1','kind':'Scale','metadata':{'name':'scaled'},'spec':{'replicas':5}}";
        send("PATCH", path + "/scale?fieldManager=scaler", "application/apply-patch+yaml", scale)
                .statusCode(409)
                .body("message", containsString("conflict with \"maker\": .spec.replicas"));
        send("PATCH", path + "/scale?fieldManager=scaler&force=true", "application/apply-patch+yaml", scale)
                .statusCode(200)
                .body("kind", equalTo("Scale"))
                .body("spec.replicas", equalTo(5));
        as("admin")
                .get(path)
                .then()
                .body("spec.replicas", equalTo(5))
                .body("metadata.managedFields.find { it.manager == 'scaler' }.subresource", equalTo("scale"));
        send("PATCH", path + "?fieldManager=maker", "application/apply-patch+yaml", deployment)
                .statusCode(409);
    }

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
        for (String part : List.of("approval", "status")) {
            as("admin")
                    .header("Impersonate-User", role)
                    .contentType("application/merge-patch+json")
                    .body("{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\"}]}}")
                    .patch(request + "/" + role + "/" + part)
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
    void versionsThatAreNoneAreInvalid() {
        configMap("versioned");
        put(in("configmaps/versioned"), "{'metadata':{'name':'versioned','resourceVersion':'abc'}}")
                .statusCode(422)
                .body("details.causes[0].field", equalTo("metadata.resourceVersion"));
        put(in("configmaps/versioned"), "{'metadata':{'name':'versioned','resourceVersion':'0'},'data':{'a':'b'}}")
                .statusCode(200)
                .body("data.a", equalTo("b"));
        put(in("configmaps/versioned"), "{'apiVersion':'apps/v1','kind':'ConfigMap','metadata':{'name':'versioned'}}")
                .statusCode(400)
                .body(
                        "message",
                        equalTo("the API version in the data (apps/v1) does not match the expected API version (v1)"));
    }

    @Test
    void aGenerationThatNobodyCountsIsWhatTheClientSays() {
        send("POST", in("configmaps"), "application/json", "{'metadata':{'name':'g','generation':7}}")
                .statusCode(201)
                .body("metadata.generation", equalTo(7));
        put(in("configmaps/g"), "{'metadata':{'name':'g','generation':9},'data':{'a':'b'}}")
                .statusCode(200)
                .body("metadata.generation", equalTo(7));
        send("POST", in("services"), "application/json", "{'metadata':{'name':'g'},'spec':{'ports':[{'port':1}]}}")
                .statusCode(201)
                .body("metadata.generation", nullValue());
    }

    @Test
    void optionsThatMakeNoSenseAreInvalid() {
        send("PATCH", in("configmaps/c"), "application/apply-patch+yaml", "{'apiVersion':'v1','kind':'ConfigMap'}")
                .statusCode(422)
                .body(
                        "message",
                        equalTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value:"
                                + " is required for apply patch"));
        send("PATCH", in("configmaps/c") + "?force=true", "application/merge-patch+json", "{}")
                .statusCode(422)
                .body("details.causes[0].field", equalTo("force"));
        send("POST", in("configmaps") + "?fieldValidation=Some", "application/json", "{'metadata':{'name':'c'}}")
                .statusCode(422)
                .body(
                        "message",
                        equalTo(
                                "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Some\":"
                                        + " supported values: \"Ignore\", \"Strict\", \"Warn\""));
        send("POST", in("configmaps") + "?dryRun=Some", "application/json", "{'metadata':{'name':'c'}}")
                .statusCode(422)
                .body("details.causes[0].reason", equalTo("FieldValueNotSupported"));
        send("POST", in("configmaps") + "?fieldManager=" + "m".repeat(129), "application/json", "{}")
                .statusCode(422)
                .body("details.causes[0].field", equalTo("fieldManager"));
    }

    @Test
    void manyWarningsStayWithinWhatHeadersHold() {
        String fields = IntStream.range(0, 2_000)
                .mapToObj(i -> "'unknown" + "x".repeat(40) + i + "':1")
                .collect(Collectors.joining(","));
        int length = send("POST", in("configmaps"), "application/json", "{'metadata':{'name':'w'}," + fields + "}")
                .statusCode(201)
                .extract()
                .headers()
                .getValues("Warning")
                .stream()
                .mapToInt(String::length)
                .sum();
        assertThat(length).isBetween(1_000, 6_000);
    }

    @Test
    void whatAKindHasToSayAboutAWriteComesInHeaders() {
        String words =
                "299 - \"spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid"
                        + " and will be treated as 1\"";
        String template = "{'metadata':{'labels':{'a':'b'}},'spec':{'terminationGracePeriodSeconds':-1,"
                + "'containers':[{'name':'c','image':'i'}]}}";
        String deployment = "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'warned'},'spec':{"
                + "'selector':{'matchLabels':{'a':'b'}},'template':" + template + "}}";
        String all = "/apis/apps/v1/namespaces/" + namespace + "/deployments";
        send("POST", all + "?dryRun=All", "application/json", deployment)
                .statusCode(201)
                .header("Warning", equalTo(words));
        apply(all + "/warned", "me", deployment).statusCode(201).header("Warning", equalTo(words));
        // An element without a name is the element with the empty name.
        apply(
                        all + "/named",
                        "me",
                        deployment
                                .replace("'warned'", "'named'")
                                .replace("'spec':{'term", "'spec':{'imagePullSecrets':[{}],'term"))
                .statusCode(201)
                .body("spec.template.spec.imagePullSecrets", hasSize(1));
        send("PATCH", all + "/warned", "application/merge-patch+json", "{'metadata':{'labels':{'x':'y'}}}")
                .statusCode(200)
                .header("Warning", nullValue());
        send("PATCH", all + "/warned", "application/merge-patch+json", "{'spec':{'replicas':2}}")
                .statusCode(200)
                .header("Warning", equalTo(words));
        send("PATCH", all + "/warned/status", "application/merge-patch+json", "{'status':{'replicas':2}}")
                .statusCode(200)
                .header("Warning", nullValue());
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
    void eachPartOfAnObjectHasItsOwnOwners() {
        String deployment = "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},"
                + "'spec':{'replicas':1,'selector':{'matchLabels':{'a':'b'}},"
                + "'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}},"
                + "'status':{'replicas':7}}";
        String path = "/apis/apps/v1/namespaces/" + namespace + "/deployments/web";
        apply(path, "author", deployment)
                .statusCode(201)
                .body("status.replicas", nullValue())
                .body("metadata.managedFields[0].fieldsV1.'f:status'", nullValue());
        apply(
                        path + "/status",
                        "counter",
                        "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},"
                                + "'spec':{'replicas':9},'status':{'replicas':3}}")
                .statusCode(200)
                .body("spec.replicas", equalTo(1))
                .body("status.replicas", equalTo(3))
                .body("metadata.managedFields.find { it.manager == 'counter' }.subresource", equalTo("status"))
                .body(
                        "metadata.managedFields.find { it.manager == 'counter' }.fieldsV1.'f:status'.'f:replicas'",
                        notNullValue())
                .body("metadata.managedFields.find { it.manager == 'counter' }.fieldsV1.'f:spec'", nullValue());
    }

    @Test
    void whatAClientSideApplyOwnedCanBeGivenToServerSideApply() {
        send(
                        "POST",
                        in("configmaps") + "?fieldManager=kubectl-client-side-apply",
                        "application/json",
                        "{'metadata':{'name':'m'},'data':{'a':'1','b':'2'}}")
                .statusCode(201);
        apply(
                        in("configmaps/m"),
                        "kubectl",
                        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'m'},'data':{'a':'x'}}")
                .statusCode(409)
                .body(
                        "message",
                        startsWith(
                                "Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using v1"))
                .body("message", containsString(": .data.a"))
                .body("details.causes[0].reason", equalTo("FieldManagerConflict"));
        // What kubectl does to migrate (csaupgrade): it renames the manager and makes its entry an Apply.
        send(
                        "PATCH",
                        in("configmaps/m"),
                        "application/json-patch+json",
                        "[{'op':'replace','path':'/metadata/managedFields','value':["
                                + "{'manager':'kubectl','operation':'Apply','apiVersion':'v1','time':'2026-01-01T00:00:00Z',"
                                + "'fieldsType':'FieldsV1','fieldsV1':{'f:data':{'f:a':{},'f:b':{}}}}]}]")
                .statusCode(200)
                .body("metadata.managedFields", hasSize(1))
                .body("metadata.managedFields[0].operation", equalTo("Apply"));
        apply(
                        in("configmaps/m"),
                        "kubectl",
                        "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'m'},'data':{'a':'x'}}")
                .statusCode(200)
                .body("data.a", equalTo("x"))
                .body("data.b", nullValue());
    }

    @Test
    void requestsAndObjectsAreCountedUnderKubernetesNames() {
        configMap("counted");
        as("admin").get("/api/v1/madeup" + namespace).then().statusCode(404);
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
                .doesNotContain("madeup");
        assertThat(metrics.lines().filter(line -> line.startsWith("# TYPE ")).toList())
                .doesNotHaveDuplicates();
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

    @Test
    void nonsenseAboutOwnersIsIgnored() {
        configMap("o");
        put(
                        in("configmaps/o"),
                        "{'metadata':{'name':'o','managedFields':[{'manager':'x','operation':'Steal'}]},'data':{'a':'b'}}")
                .statusCode(200)
                .body("metadata.managedFields.operation", hasItem("Update"))
                .body("metadata.managedFields.manager", not(hasItem("x")));
    }

    private static org.hamcrest.Matcher<Integer> equalToEither(int one, int other) {
        return org.hamcrest.Matchers.anyOf(equalTo(one), equalTo(other));
    }

    private ValidatableResponse list(String query) {
        return as("admin").get(in("configmaps") + query).then();
    }

    private ValidatableResponse configMap(String name) {
        return send(
                        "POST",
                        in("configmaps"),
                        "application/json",
                        "{'metadata':{'name':'" + name + "'},'data':{'a':'b'}}")
                .statusCode(201);
    }

    private ValidatableResponse put(String path, String body) {
        return send("PUT", path, "application/json", body);
    }

    private ValidatableResponse apply(String path, String manager, String body) {
        return send("PATCH", path + "?fieldManager=" + manager, "application/apply-patch+yaml", body);
    }

    private static ValidatableResponse send(String method, String path, String type, String body) {
        return as("admin")
                .contentType(type)
                .body(body.replace('\'', '"'))
                .request(method, path)
                .then();
    }

    private static String text(String path, String agent) {
        return as("admin").header("User-Agent", agent).get(path).asString();
    }

    private String in(String resource) {
        return "/api/v1/namespaces/" + namespace + "/" + resource;
    }
}
