package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThan;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Malformed and hostile requests: each gets the Status that says what was wrong, and the server stays as it was. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BadInputIT {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "42",
                "\"text\"",
                "{'metadata':}",
                "{'metadata':{'name':'x'}}{}",
                "{'metadata':{'name':'x'}} trailing",
                "{'metadata':{'name':NaN}}",
                "\u0000{}"
            })
    void aBodyThatIsNoObjectIsABadRequest(String body) {
        post("application/json", body.replace('\'', '"'))
                .statusCode(400)
                .body("kind", equalTo("Status"))
                .body("reason", equalTo("BadRequest"))
                .body("code", equalTo(400));
    }

    @Test
    void deepNestingIsRefused() {
        post("application/json", "{\"data\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}")
                .statusCode(400)
                .body("reason", equalTo("BadRequest"));
        post("application/yaml", "data: " + "{a: ".repeat(5_000) + "1" + "}".repeat(5_000))
                .statusCode(400)
                .body("kind", equalTo("Status"));
    }

    @Test
    void aliasesThatMultiplyAreRefused() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            yaml.append("a%d: &a%d [".formatted(i, i))
                    .append("*a%d,".formatted(i - 1).repeat(10))
                    .append("]\n");
        }
        post("application/yaml", yaml.toString()).statusCode(400).body("kind", equalTo("Status"));
    }

    @Test
    void aBodyOfTenMegabytesIsTooLarge() {
        String body = "{\"metadata\":{\"name\":\"big\"},\"data\":{\"a\":\"" + "x".repeat(10 * 1024 * 1024) + "\"}}";
        post("application/json", body)
                .statusCode(413)
                .body("reason", equalTo("RequestEntityTooLarge"))
                .body("kind", equalTo("Status"));
    }

    @Test
    void duplicateAndUnknownFieldsAreReportedAsTheClientAsks() {
        String body = "{'metadata':{'name':'dup'},'data':{'a':'1','a':'2'},'datta':{}}";
        post("application/json", "?fieldValidation=Strict&dryRun=All", json(body))
                .statusCode(400)
                .body(
                        "message",
                        allOf(
                                containsString("strict decoding error"),
                                containsString("duplicate field \"data.a\""),
                                containsString("unknown field \"datta\"")));
        post("application/json", "?fieldValidation=Warn&dryRun=All", json(body))
                .statusCode(201)
                .header("Warning", containsString("299 - \""));
        post("application/json", "?fieldValidation=Ignore&dryRun=All", json(body))
                .statusCode(201)
                .body("data.a", equalTo("2"));
        post("application/json", "?fieldValidation=Perhaps", json(body))
                .statusCode(422)
                .body("message", containsString("\"Ignore\", \"Strict\", \"Warn\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'metadata':{'name':'x'},'data':'text'}",
                "{'metadata':{'name':'x'},'data':{'a':{'b':'c'}}}",
                "{'metadata':{'name':'x'},'data':[1]}",
                "{'metadata':{'name':7}}",
                "{'metadata':[]}",
                "{'metadata':'x'}",
                "{'metadata':{'name':'x','labels':{'a':1}}}",
                "{'metadata':{'name':'x','labels':['a']}}",
                "{'metadata':{'name':'x','finalizers':'a'}}",
                "{'metadata':{'name':'x','ownerReferences':{}}}",
                "{'metadata':{'name':'x'},'immutable':'yes'}"
            })
    void wrongTypesAreRefused(String body) {
        post("application/json", json(body))
                .statusCode(400)
                .body("reason", equalTo("BadRequest"))
                .body("message", containsString("cannot be handled as a ConfigMap"));
    }

    @ParameterizedTest
    @CsvSource({
        "{'metadata':{}},metadata.name",
        "{'metadata':{'name':''}},metadata.name",
        "{'metadata':{'name':'UPPER'}},metadata.name",
        "{'metadata':{'name':'a/b'}},metadata.name",
        "{'metadata':{'name':'..'}},metadata.name",
        "{'metadata':{'name':'x';'labels':{'a b':'c'}}},metadata.labels",
        "{'metadata':{'name':'x';'labels':{'a':'not valid!'}}},metadata.labels",
        "{'metadata':{'name':'x';'labels':{'/a':'c'}}},metadata.labels",
        "{'metadata':{'name':'x';'annotations':{'a b':'c'}}},metadata.annotations",
        "{'metadata':{'name':'x';'finalizers':['a b']}},metadata.finalizers",
        "{'metadata':{'name':'x';'ownerReferences':[{'kind':'A'}]}},metadata.ownerReferences.apiVersion",
        "{'metadata':{'name':'x';'ownerReferences':[{'apiVersion':'v1';'kind':'Event';'name':'e';'uid':'u'}]}},metadata.ownerReferences",
        "{'metadata':{'name':'x';'finalizers':['mine']}},metadata.finalizers[0]",
        "{'metadata':{'generateName':'Upper-'}},metadata.generateName",
    })
    void metadataOutOfRangeIsInvalid(String body, String field) {
        post("application/json", json(body.replace(';', ',')))
                .statusCode(422)
                .body("reason", equalTo("Invalid"))
                .body("details.kind", equalTo("ConfigMap"))
                .body("details.causes.field", hasItem(field));
    }

    @Test
    void lengthsOutOfRangeAreInvalid() {
        post("application/json", json("{'metadata':{'name':'" + "a".repeat(254) + "'}}"))
                .statusCode(422)
                .body("message", containsString("must be no more than 253"));
        post("application/json", json("{'metadata':{'name':'x','labels':{'a':'" + "v".repeat(64) + "'}}}"))
                .statusCode(422);
        post("application/json", json("{'metadata':{'name':'x','annotations':{'a':'" + "v".repeat(300_000) + "'}}}"))
                .statusCode(422)
                .body("details.causes[0].field", equalTo("metadata.annotations"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?labelSelector=a%20in%20(",
                "?labelSelector=%3D%3D",
                "?labelSelector=a%3Db%2C",
                "?fieldSelector=spec.nothing%3D1",
                "?fieldSelector=x",
                "?limit=many",
                "?resourceVersion=new",
                "?resourceVersion=-5",
                "?continue=%21%21",
                "?timeoutSeconds=x&watch=true"
            })
    void queriesThatCannotBeUnderstoodAreBadRequests(String query) {
        as("admin")
                .get(CONFIG_MAPS + query)
                .then()
                .statusCode(400)
                .body("kind", equalTo("Status"))
                .body("message", containsString(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"?resourceVersionMatch=Exact", "?resourceVersionMatch=Perhaps", "?sendInitialEvents=true"})
    void optionsThatDoNotFitTogetherAreInvalid(String query) {
        as("admin").get(CONFIG_MAPS + query).then().statusCode(422).body("kind", equalTo("Status"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/api/v1/nothings,404",
        "GET,/api/v1/configmaps/x,404",
        "GET,/api/v1/namespaces/default/nodes,404",
        "GET,/api/v1/namespaces/default/configmaps/x/status,404",
        "GET,/api/v1/namespaces/default/configmaps/%2e%2e%2fx,404",
        "POST,/api/v1/configmaps,405",
        "DELETE,/api/v1/configmaps,405",
        "POST,/version,405",
        "POST,/api/v1/namespaces/default/configmaps/x,405",
        "PUT,/api/v1/namespaces/default/configmaps,405",
        "POST,/apis,405",
        "GET,/api/v1/namespaces/default/pods/x/binding,405",
        "GET,/api/v1/namespaces/default/pods/missing/log,404"
    })
    void pathsAndMethodsThatLeadNowhere(String method, String path, int code) {
        as("admin")
                .contentType("application/json")
                .body(method.equals("GET") ? "" : "{}")
                .request(method, path)
                .then()
                .statusCode(code)
                .body("kind", equalTo("Status"))
                .body("status", equalTo("Failure"));
    }

    @ParameterizedTest
    @CsvSource({"GET,/apis/nothing.dev/v1/things", "GET,/nowhere", "GET,/q/health", "PUT,/no/such/path"})
    void whereNothingIsAtAllTextSaysSo(String method, String path) {
        as("admin").request(method, path).then().statusCode(404).body(equalTo("404 page not found\n"));
    }

    @Test
    void mediaTypesThatAreNotSpoken() {
        post("text/plain", "hello").statusCode(415).body("reason", equalTo("UnsupportedMediaType"));
        as("admin")
                .header("Accept", "text/html")
                .get(CONFIG_MAPS)
                .then()
                .statusCode(406)
                .body("reason", equalTo("NotAcceptable"));
        as("admin")
                .contentType("application/json")
                .body("{}")
                .patch(CONFIG_MAPS + "/x")
                .then()
                .statusCode(415)
                .body("message", containsString("application/merge-patch+json"));
    }

    @Test
    void finalizersOfANamespaceAreQualified() {
        as("admin")
                .contentType("application/json")
                .body(json("{'metadata':{'name':'default'},'spec':{'finalizers':['kubernetes','mine']}}"))
                .put("/api/v1/namespaces/default/finalize")
                .then()
                .statusCode(422)
                .body("details.causes[0].field", equalTo("spec.finalizers[1]"));
    }

    @ParameterizedTest
    @CsvSource({
        "400,kind is missing,{'apiVersion':'v1';'metadata':{'name':'fresh'}}",
        "400,apiVersion is missing,{'kind':'ConfigMap';'metadata':{'name':'fresh'}}",
        "400,name must be provided,{'apiVersion':'v1';'kind':'ConfigMap'}",
        "409,no existing object was found,{'apiVersion':'v1';'kind':'ConfigMap';'metadata':{'name':'fresh';'uid':'u'}}",
    })
    void appliesThatCannotBeApplied(int status, String message, String body) {
        as("admin")
                .contentType("application/apply-patch+yaml")
                .body(json(body.replace(';', ',')))
                .patch(CONFIG_MAPS + "/fresh?fieldManager=test")
                .then()
                .statusCode(status)
                .body("message", containsString(message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'propagationPolicy':'Sideways'}",
                "{'dryRun':['Some']}",
                "{'propagationPolicy':'Orphan','orphanDependents':true}",
                "{'kind':'Pod'}",
                "[1]",
                "{"
            })
    void deletesThatCannotBeUnderstood(String body) {
        as("admin")
                .contentType("application/json")
                .body(json(body))
                .delete(CONFIG_MAPS + "/any")
                .then()
                .statusCode(greaterThanOrEqualTo(400))
                .statusCode(lessThan(500))
                .body("kind", equalTo("Status"));
    }

    @ParameterizedTest
    @CsvSource({
        "json-patch,{'op':'add'}",
        "json-patch,[{'op':'fly';'path':'/data'}]",
        "json-patch,[{'op':'remove';'path':'/nothing/here'}]",
        "json-patch,[7]",
        "merge-patch,7",
        "merge-patch,[]",
        "merge-patch,{'data':7}",
        "merge-patch,{'metadata':null}",
        "merge-patch,{'metadata':{'name':'other'}}",
        "merge-patch,{'kind':'Pod'}",
        "strategic-merge-patch,{'data':7}",
        "strategic-merge-patch,{'$patch':'fly'}"
    })
    void patchesThatCannotBeApplied(String type, String body) {
        String name = TestPki.freshName("patched");
        post("application/json", json("{'metadata':{'name':'" + name + "'},'data':{'a':'b'}}"))
                .statusCode(201);
        as("admin")
                .contentType("application/" + type + "+json")
                .body(json(body.replace(';', ',')))
                .patch(CONFIG_MAPS + "/" + name)
                .then()
                .statusCode(greaterThanOrEqualTo(400))
                .statusCode(lessThan(500))
                .body("kind", equalTo("Status"));
        as("admin").get(CONFIG_MAPS + "/" + name).then().statusCode(200).body("data.a", equalTo("b"));
    }

    @Test
    void anObjectOfAnotherKindIsRefused() {
        post("application/json", json("{'apiVersion':'v1','kind':'Secret','metadata':{'name':'x'}}"))
                .statusCode(400)
                .body("message", containsString("Secret in version \"v1\" cannot be handled as a ConfigMap"));
        post("application/json", json("{'metadata':{'name':'x','namespace':'other'}}"))
                .statusCode(400)
                .body("message", containsString("does not match the namespace"));
        post("application/json", json("{'metadata':{'name':'x','resourceVersion':'5'}}"))
                .statusCode(400)
                .body("message", containsString("resourceVersion should not be set"));
    }

    private static ValidatableResponse post(String contentType, String body) {
        return post(contentType, "", body);
    }

    private static ValidatableResponse post(String contentType, String query, String body) {
        return as("admin")
                .contentType(contentType)
                .body(body)
                .post(CONFIG_MAPS + query)
                .then();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
