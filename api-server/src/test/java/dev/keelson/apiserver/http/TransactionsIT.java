package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several objects in one write: all or none. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class TransactionsIT {
    private static final String TRANSACTIONS = "/apis/keelson.dev/v1/transactions";

    private String namespace = "";

    @BeforeEach
    void ownNamespace() {
        namespace = TestPki.freshName("tx");
        post("/api/v1/namespaces", "{'metadata':{'name':'" + namespace + "'}}").statusCode(201);
    }

    @Test
    void everyKindOfOperationHappensTogether() {
        transaction("", "{'create':" + map("doomed", "1") + "}", "{'create':" + map("old", "1") + "}")
                .statusCode(201);

        String revision = transaction(
                        "?fieldManager=tests",
                        "{'create':" + map("fresh", "1") + "}",
                        "{'update':" + map("old", "2") + "}",
                        "{'apply':" + map("applied", "3") + "}",
                        "{'delete':" + map("doomed", "1") + "}")
                .statusCode(201)
                .body("kind", equalTo("Transaction"))
                .body("status.objects[0].metadata.name", equalTo("fresh"))
                .body("status.objects[3].status", equalTo("Success"))
                .extract()
                .path("status.revision");

        get("old").body("data.x", equalTo("2"));
        get("applied").body("data.x", equalTo("3")).body("metadata.managedFields[0].operation", equalTo("Apply"));
        get("doomed").statusCode(404);
        String maps = "/api/v1/namespaces/" + namespace + "/configmaps";
        long last = Long.parseLong(revision);
        as("admin").get("/keelson.dev/v1/past/" + last + maps + "/fresh").then().statusCode(200);
        as("admin")
                .get("/keelson.dev/v1/past/" + (last - 1) + maps + "/fresh")
                .then()
                .statusCode(404);
        as("admin")
                .get("/keelson.dev/v1/past/" + (last - 1) + maps + "/doomed")
                .then()
                .statusCode(200);
    }

    @Test
    void answersCarryTheRevisionsThatWereStored() {
        List<String> revisions = transaction("", "{'create':" + map("a", "1") + "}", "{'create':" + map("b", "1") + "}")
                .extract()
                .path("status.objects.metadata.resourceVersion");

        get("a").body("metadata.resourceVersion", equalTo(revisions.getFirst()));
        get("b").body("metadata.resourceVersion", equalTo(revisions.getLast()));
    }

    @Test
    void oneRefusalRefusesAllAndSaysWhich() {
        transaction("", "{'create':" + map("a", "1") + "}", "{'create':" + map("Not_A_Name", "1") + "}")
                .statusCode(422)
                .body("message", startsWith("spec.operations[1].create: ConfigMap \"Not_A_Name\" is invalid"));
        transaction("", "{'create':" + map("a", "1") + "}", "{'update':" + map("missing", "1") + "}")
                .statusCode(404)
                .body("message", containsString("spec.operations[1].update: configmaps \"missing\" not found"));
        post("/api/v1/namespaces/" + namespace + "/configmaps", map("taken", "1"))
                .statusCode(201);
        transaction("", "{'create':" + map("a", "1") + "}", "{'create':" + map("taken", "1") + "}")
                .statusCode(409)
                .body("message", containsString("spec.operations[1].create: configmaps \"taken\" already exists"));
        get("a").statusCode(404);
    }

    @Test
    void staleVersionRefusesAll() {
        String old = post("/api/v1/namespaces/" + namespace + "/configmaps", map("raced", "1"))
                .extract()
                .path("metadata.resourceVersion");
        transaction("", "{'update':" + map("raced", "2") + "}").statusCode(201);
        String stale = map("raced", "3").replace("'name'", "'resourceVersion':'" + old + "','name'");

        transaction("", "{'create':" + map("a", "1") + "}", "{'update':" + stale + "}")
                .statusCode(409)
                .body("reason", equalTo("Conflict"));
        transaction("", "{'create':" + map("a", "1") + "}", "{'delete':" + stale + "}")
                .statusCode(409);
        get("a").statusCode(404);
        get("raced").body("data.x", equalTo("2"));
    }

    @Test
    void malformedTransactionsAreExplained() {
        String lease =
                "{'apiVersion':'coordination.k8s.io/v1','kind':'Lease','metadata':{'name':'l','namespace':'default'}}";
        transaction("").statusCode(400).body("message", containsString("1 to 100 operations"));
        transaction("", "{'make':" + map("a", "1") + "}")
                .statusCode(400)
                .body("message", containsString("exactly one of create, update, apply and delete"));
        transaction("", "{'create':" + map("a", "1") + "}", "{'delete':" + map("a", "1") + "}")
                .statusCode(400)
                .body("message", containsString("the same object as spec.operations[0]"));
        transaction("", "{'create':{'apiVersion':'v1','kind':'Nothing','metadata':{'name':'a'}}}")
                .statusCode(400)
                .body("message", containsString("no kind \"Nothing\""));
        transaction("", "{'create':{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'}}}")
                .statusCode(400)
                .body("message", containsString("spec.operations[0].create.metadata.namespace"));
        transaction("", "{'create':" + lease + "}").statusCode(400).body("message", containsString("heartbeat"));
        as("admin").get(TRANSACTIONS).then().statusCode(405);
    }

    @Test
    void whatATransactionDoesNotKnowIsSaid() {
        String create = "{'create':" + map("a", "1") + "}";
        post(
                        TRANSACTIONS + "?fieldValidation=Strict&dryRun=All",
                        "{'spec':{'operations':[" + create + "],'speed':1},'x':{}}")
                .statusCode(400)
                .body(
                        "message",
                        equalTo("Transaction in version \"v1\" cannot be handled as a Transaction: strict decoding"
                                + " error: unknown field \"spec.speed\", unknown field \"x\""));
        post(TRANSACTIONS + "?dryRun=All", "{'spec':{'operations':[" + create + "]},'x':{}}")
                .statusCode(201)
                .header("Warning", equalTo("299 - \"unknown field \\\"x\\\"\""));
    }

    @Test
    void dryRunWritesNothing() {
        transaction("?dryRun=All", "{'create':" + map("a", "1") + "}")
                .statusCode(201)
                .body("status.objects[0].data.x", equalTo("1"))
                .body("status.revision", nullValue());
        get("a").statusCode(404);
    }

    @Test
    void servicesOfOneTransactionGetAddressesOfTheirOwn() {
        String[] services = new String[8];
        for (int i = 0; i < services.length; i++) {
            services[i] = ("{'create':{'apiVersion':'v1','kind':'Service','metadata':{'name':'s%d','namespace':'%s'},"
                            + "'spec':{'ports':[{'port':80}]}}}")
                    .formatted(i, namespace);
        }
        List<String> addresses =
                transaction("", services).statusCode(201).extract().path("status.objects.spec.clusterIP");
        assertThat(addresses).doesNotHaveDuplicates().hasSize(8).doesNotContainNull();
    }

    @Test
    void competingTransactionsLoseNothing() throws Exception {
        transaction("", "{'create':" + map("left", "") + "}", "{'create':" + map("right", "") + "}");
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String manager = "m" + i;
                running.add(workers.submit(() -> transaction(
                                "?fieldManager=" + manager,
                                "{'apply':" + map("left", "v").replace("'x'", "'" + manager + "'") + "}",
                                "{'apply':" + map("right", "v").replace("'x'", "'" + manager + "'") + "}")
                        .statusCode(201)));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        for (String name : List.of("left", "right")) {
            for (int i = 0; i < 12; i++) {
                get(name).body("data.m" + i, equalTo("v"));
            }
        }
    }

    @Test
    void eachOperationIsAuthorizedAndDiscoveryTellsOfTheKind() {
        as("bob")
                .contentType("application/json")
                .body("{}")
                .post(TRANSACTIONS)
                .then()
                .statusCode(403);
        as("admin")
                .get("/apis/keelson.dev/v1")
                .then()
                .statusCode(200)
                .body("resources.name", hasItem("transactions"))
                .body("resources.find { it.name == 'transactions' }.verbs", equalTo(List.of("create")));
    }

    private ValidatableResponse get(String name) {
        return as("admin")
                .get("/api/v1/namespaces/" + namespace + "/configmaps/" + name)
                .then();
    }

    private String map(String name, String value) {
        return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'%s','namespace':'%s'},'data':{'x':'%s'}}"
                .formatted(name, namespace, value);
    }

    private static ValidatableResponse transaction(String query, String... operations) {
        return post(
                TRANSACTIONS + query,
                "{'apiVersion':'keelson.dev/v1','kind':'Transaction','spec':{'operations':["
                        + String.join(",", operations) + "]}}");
    }

    private static ValidatableResponse post(String path, String json) {
        return as("admin")
                .contentType("application/json")
                .body(json.replace('\'', '"'))
                .post(path)
                .then();
    }
}
