package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a write may say beside the object, and what the server says of it: options, versions, warnings. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class WriteRulesIT extends ApiRequests {
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
                                        + " supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
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
}
