package dev.keelson.apiserver.http;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Which manager owns which fields, through apply, subresources and what clients write themselves. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class FieldOwnersIT extends ApiRequests {
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
    void nonsenseAboutOwnersIsIgnored() {
        configMap("o");
        put(
                        in("configmaps/o"),
                        "{'metadata':{'name':'o','managedFields':[{'manager':'x','operation':'Steal'}]},'data':{'a':'b'}}")
                .statusCode(200)
                .body("metadata.managedFields.operation", hasItem("Update"))
                .body("metadata.managedFields.manager", not(hasItem("x")));
    }
}
