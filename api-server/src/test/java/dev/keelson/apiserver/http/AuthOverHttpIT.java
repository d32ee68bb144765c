package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static dev.keelson.apiserver.http.ServerUnderTest.asNobody;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.startsWith;

import dev.keelson.apiserver.Eventually;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may come in and what they may do, through the whole server. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class AuthOverHttpIT {
    private static final String AUTHORIZATION = "/apis/authorization.k8s.io/v1/";
    private static final String AUTHENTICATION = "/apis/authentication.k8s.io/v1/";
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";

    private String namespace;

    @BeforeEach
    void makeNamespace() {
        Eventually.until("the server is ready", () -> as("admin").get("/readyz").statusCode() == 200);
        namespace = TestPki.freshName("auth");
        post("/api/v1/namespaces", "{'metadata':{'name':'%s'}}".formatted(namespace))
                .statusCode(201);
        // A start without controllers: nobody else makes accounts here.
        post(in("serviceaccounts"), "{'metadata':{'name':'robot'}}").statusCode(201);
    }

    @Test
    void aTokenIsGoodForWhatItsAccountMayDoUntilTheAccountIsGone() {
        String token = token("robot", "{'spec':{}}");
        with(token)
                .get(in("pods"))
                .then()
                .statusCode(403)
                .body(
                        "message",
                        containsString("User \"system:serviceaccount:%s:robot\" cannot list resource \"pods\""
                                .formatted(namespace)));
        bind("view", "ServiceAccount", "robot");
        untilOk(() -> with(token).get(in("pods")).statusCode());
        with(token).get("/api/v1/pods").then().statusCode(403);
        with(token).get(in("secrets")).then().statusCode(403);
        review(with(token)).body("status.userInfo.username", startsWith("system:serviceaccount:"));
        as("admin").delete(in("serviceaccounts/robot")).then().statusCode(200);
        Eventually.until(
                "the token is refused", () -> with(token).get(in("pods")).statusCode() == 401);
    }

    @Test
    void aBoundTokenEndsWithItsPodAndSaysWhoItIsIn() {
        post(
                        in("pods"),
                        "{'metadata':{'name':'p'},'spec':{'serviceAccountName':'robot','containers':[{'name':'c','image':'x'}]}}")
                .statusCode(201);
        String token = token("robot", "{'spec':{'boundObjectRef':{'kind':'Pod','apiVersion':'v1','name':'p'}}}");
        review(with(token)).body("status.userInfo.extra.'authentication.kubernetes.io/pod-name'", hasItem("p"));
        post(AUTHENTICATION + "tokenreviews", "{'spec':{'token':'" + token + "'}}")
                .statusCode(201)
                .body("status.authenticated", equalTo(true))
                .body("status.user.groups", hasItem("system:serviceaccounts:" + namespace));
        as("admin").delete(in("pods/p") + "?gracePeriodSeconds=0").then().statusCode(200);
        Eventually.until("the token is refused", () -> with(token).get("/api").statusCode() == 401);
        post(AUTHENTICATION + "tokenreviews", "{'spec':{'token':'" + token + "'}}")
                .body("status.authenticated", equalTo(false))
                .body("status.error", equalTo("pod %s/p is gone".formatted(namespace)));
    }

    @Test
    void aTokenRequestIsCheckedAndAnswered() {
        post(in("serviceaccounts/robot/token"), "{'spec':{'expirationSeconds':60}}")
                .statusCode(422)
                .body("message", containsString("may not specify a duration less than 10 minutes"));
        post(in("serviceaccounts/robot/token"), "{'spec':{'boundObjectRef':{'kind':'Pod','name':'none'}}}")
                .statusCode(404);
        post(in("serviceaccounts/none/token"), "{'spec':{}}").statusCode(404);
        String elsewhere = token("robot", "{'spec':{'audiences':['vault'],'expirationSeconds':600}}");
        with(elsewhere).get("/api").then().statusCode(401);
        post(AUTHENTICATION + "tokenreviews", "{'spec':{'audiences':['vault'],'token':'" + elsewhere + "'}}")
                .body("status.audiences", hasItem("vault"));
    }

    @Test
    void othersCanVerifyTokensByThemselves() {
        with(token("robot", "{'spec':{}}"))
                .get("/.well-known/openid-configuration")
                .then()
                .statusCode(200)
                .body("issuer", equalTo("https://kubernetes.default.svc.cluster.local"))
                .body("jwks_uri", containsString("/openid/v1/jwks"));
        with(token("robot", "{'spec':{}}"))
                .get("/openid/v1/jwks")
                .then()
                .contentType("application/jwk-set+json")
                .header("Cache-Control", "public, max-age=3600")
                .body("keys[0].alg", equalTo("ES256"));
        as("bob").get("/openid/v1/jwks").then().statusCode(403);
    }

    @Test
    void aNewNodeComesInByABootstrapToken() {
        String id = TestPki.freshName("").substring(1, 7);
        post(
                        "/api/v1/namespaces/kube-system/secrets",
                        ("{'metadata':{'name':'bootstrap-token-%s'},'type':'bootstrap.kubernetes.io/token','stringData':{"
                                        + "'token-id':'%s','token-secret':'0123456789abcdef',"
                                        + "'usage-bootstrap-authentication':'true','expiration':'2999-01-01T00:00:00Z',"
                                        + "'auth-extra-groups':'system:bootstrappers:workers'}}")
                                .formatted(id, id))
                .statusCode(201);
        Eventually.until(
                "the bootstrap token is known",
                () -> with(id + ".0123456789abcdef").get("/api").statusCode() == 200);
        review(with(id + ".0123456789abcdef"))
                .body("status.userInfo.username", equalTo("system:bootstrap:" + id))
                .body("status.userInfo.groups", hasItems("system:bootstrappers", "system:bootstrappers:workers"));
        with(id + ".0123456789abcdee").get("/api").then().statusCode(401);
    }

    @Test
    void actingAsSomebodyElseTakesTheRightToIt() {
        as("bob")
                .header("Impersonate-User", "alice")
                .get(in("pods"))
                .then()
                .statusCode(403)
                .body(
                        "message",
                        equalTo("users \"alice\" is forbidden: User \"bob\" cannot impersonate resource \"users\" in"
                                + " API group \"\" at the cluster scope"));
        as("admin")
                .header("Impersonate-User", "alice")
                .get(in("pods"))
                .then()
                .statusCode(403)
                .body("message", containsString("User \"alice\" cannot list resource \"pods\""));
        review(as("admin").header("Impersonate-User", "alice").header("Impersonate-Group", "dev"))
                .body("status.userInfo.username", equalTo("alice"))
                .body("status.userInfo.groups", hasItems("dev", "system:authenticated"));
        as("admin").header("Impersonate-Group", "dev").get("/api").then().statusCode(500);
    }

    @Test
    void reviewsAgreeWithRealCalls() {
        bind("edit", "User", "bob");
        untilOk(() -> as("bob").get(in("pods")).statusCode());
        for (String[] question : new String[][] {
            {"list", "pods", "true"},
            {"list", "secrets", "true"},
            {"list", "resourcequotas", "true"},
            {"create", "roles", "false"},
            {"list", "nodes", "false"}
        }) {
            String attributes = "'resourceAttributes':{'namespace':'%s','verb':'%s','resource':'%s','group':'%s'}"
                    .formatted(
                            namespace,
                            question[0],
                            question[1],
                            question[1].equals("roles") ? "rbac.authorization.k8s.io" : "");
            boolean allowed = Boolean.parseBoolean(question[2]);
            post(AUTHORIZATION + "subjectaccessreviews", "{'spec':{'user':'bob'," + attributes + "}}")
                    .statusCode(201)
                    .body("status.allowed", equalTo(allowed));
            post(
                            AUTHORIZATION + "namespaces/" + namespace + "/localsubjectaccessreviews",
                            "{'spec':{'user':'bob'," + attributes + "}}")
                    .statusCode(201)
                    .body("status.allowed", equalTo(allowed));
            send(as("bob"), AUTHORIZATION + "selfsubjectaccessreviews", "{'spec':{" + attributes + "}}")
                    .statusCode(201)
                    .body("status.allowed", equalTo(allowed));
        }
        as("bob").get(in("secrets")).then().statusCode(200);
        as("bob").get("/api/v1/nodes").then().statusCode(403);
        send(as("admin"), AUTHORIZATION + "selfsubjectrulesreviews", "{'spec':{'namespace':'" + namespace + "'}}")
                .body("status.resourceRules.findAll { it.resources == ['*'] }.size()", equalTo(1));
        send(as("bob"), AUTHORIZATION + "selfsubjectrulesreviews", "{'spec':{'namespace':'" + namespace + "'}}")
                .statusCode(201)
                .body("status.incomplete", equalTo(false))
                .body("status.resourceRules.resources.flatten()", hasItems("pods/exec", "selfsubjectaccessreviews"))
                .body("status.nonResourceRules.nonResourceURLs.flatten()", hasItem("/apis/*"));
    }

    @Test
    void nobodyGrantsMoreThanTheyHave() {
        bind("admin", "User", "bob");
        untilOk(() -> as("bob").get(RBAC + "namespaces/" + namespace + "/roles").statusCode());
        String roles = RBAC + "namespaces/" + namespace + "/roles";
        send(
                        as("bob"),
                        roles,
                        "{'metadata':{'name':'mine'},'rules':[{'apiGroups':[''],'resources':['pods'],'verbs':['get']}]}")
                .statusCode(201);
        send(
                        as("bob"),
                        roles,
                        "{'metadata':{'name':'more'},'rules':[{'apiGroups':[''],'resources':['nodes'],'verbs':['get']}]}")
                .statusCode(403)
                .body(
                        "message",
                        containsString("is attempting to grant RBAC permissions not currently held:\n"
                                + "{APIGroups:[\"\"], Resources:[\"nodes\"], Verbs:[\"get\"]}"));
        send(
                        as("bob"),
                        RBAC + "namespaces/" + namespace + "/rolebindings",
                        binding("root", "cluster-admin", "User", "bob"))
                .statusCode(403)
                .body("message", containsString("is attempting to grant RBAC permissions not currently held"));
        send(as("bob"), RBAC + "namespaces/" + namespace + "/rolebindings", binding("v", "view", "User", "alice"))
                .statusCode(201);
    }

    @Test
    void aggregatedRolesFollowTheirParts() {
        String name = TestPki.freshName("part");
        as("admin").get(RBAC + "clusterroles/view").then().body("rules.resources.flatten()", hasItem("pods"));
        post(
                        RBAC + "clusterroles",
                        "{'metadata':{'name':'%s','labels':{'rbac.authorization.k8s.io/aggregate-to-view':'true'}},'rules':[{'apiGroups':['%s.io'],'resources':['things'],'verbs':['get']}]}"
                                .formatted(name, name))
                .statusCode(201);
        Eventually.until(
                "the rule is in admin",
                () -> as("admin").get(RBAC + "clusterroles/admin").asString().contains(name + ".io"));
        as("admin").delete(RBAC + "clusterroles/" + name).then().statusCode(200);
    }

    @Test
    void anonymousSeesPublicInformationOnly() {
        asNobody().get("/version").then().statusCode(200);
        asNobody().get("/healthz").then().statusCode(200);
        asNobody().get("/readyz/ping").then().statusCode(403);
        as("admin").get("/readyz/ping").then().statusCode(200);
        asNobody()
                .get("/apis")
                .then()
                .statusCode(403)
                .body("message", equalTo("forbidden: User \"system:anonymous\" cannot get path \"/apis\""));
    }

    @Test
    void slisAreForThoseWhoMayReadThem() {
        asNobody().get("/metrics/slis").then().statusCode(403);
        as("bob").get("/metrics/slis").then().statusCode(403);
        as("admin")
                .get("/metrics/slis")
                .then()
                .statusCode(200)
                .body(containsString("kubernetes_healthcheck{name=\"ping\",type=\"livez\""));
    }

    @Test
    void aCertificateIsJudgedWithTheRequestAndNotByTheHandshake() {
        String token = "Bearer " + token("robot", "{'spec':{}}");
        for (String good : List.of("deep", "edwards")) {
            review(as(good).header("Authorization", "Bearer nonsense"))
                    .body("status.userInfo.username", equalTo("carol"));
        }
        for (String bad : List.of("expired", "early", "foreign", "for-servers")) {
            as(bad).get("/version")
                    .then()
                    .statusCode(401)
                    .body("kind", equalTo("Status"))
                    .body("reason", equalTo("Unauthorized"));
            as(bad).header("Authorization", "Bearer ").get("/version").then().statusCode(401);
            as(bad).header("Authorization", "Bearer nonsense")
                    .get("/version")
                    .then()
                    .statusCode(401);
            review(as(bad).header("Authorization", token))
                    .body("status.userInfo.username", startsWith("system:serviceaccount:"));
        }
        asNobody()
                .header("Authorization", "Bearer nonsense")
                .get("/version")
                .then()
                .statusCode(401);
        asNobody().header("Authorization", "Bearer ").get("/version").then().statusCode(200);
    }

    @Test
    void aScriptInABrowserSendsItsTokenAsASubprotocol() {
        String sent = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(token("robot", "{'spec':{}}").getBytes(StandardCharsets.US_ASCII));
        String offered = "base64url.bearer.authorization.k8s.io." + sent;
        webSocket(offered + ", v5.channel.k8s.io")
                .get("/api/v1/nodes")
                .then()
                .statusCode(403)
                .body("message", containsString("User \"system:serviceaccount:" + namespace + ":robot\" cannot list"));
        webSocket(offered).get("/version").then().statusCode(401);
        webSocket("v5.channel.k8s.io").get("/version").then().statusCode(200);
    }

    private static RequestSpecification webSocket(String subprotocols) {
        return asNobody().header("Upgrade", "websocket").header("Sec-WebSocket-Protocol", subprotocols);
    }

    private String token(String account, String request) {
        return post(in("serviceaccounts/" + account + "/token"), request)
                .statusCode(201)
                .extract()
                .path("status.token");
    }

    private static ValidatableResponse review(RequestSpecification who) {
        return send(who, AUTHENTICATION + "selfsubjectreviews", "{}").statusCode(201);
    }

    private static RequestSpecification with(String token) {
        return asNobody().header("Authorization", "Bearer " + token);
    }

    private void bind(String role, String kind, String name) {
        post(RBAC + "namespaces/" + namespace + "/rolebindings", binding("b-" + name, role, kind, name))
                .statusCode(201);
    }

    private String binding(String name, String role, String kind, String subject) {
        String scope = kind.equals("ServiceAccount") ? ",'namespace':'" + namespace + "'" : "";
        return "{'metadata':{'name':'%s'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io','kind':'ClusterRole','name':'%s'},'subjects':[{'kind':'%s','name':'%s'%s}]}"
                .formatted(name, role, kind, subject, scope);
    }

    private static void untilOk(java.util.function.IntSupplier call) {
        Eventually.until("the right is there", () -> call.getAsInt() == 200);
    }

    private String in(String path) {
        return "/api/v1/namespaces/" + namespace + "/" + path;
    }

    private static ValidatableResponse post(String path, String body) {
        return send(as("admin"), path, body);
    }

    private static ValidatableResponse send(RequestSpecification who, String path, String body) {
        return who.contentType("application/json")
                .body(body.replace('\'', '"'))
                .post(path)
                .then();
    }
}
