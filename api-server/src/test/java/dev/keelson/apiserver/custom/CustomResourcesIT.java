package dev.keelson.apiserver.custom;

import static dev.keelson.apiserver.http.ServerUnderTest.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.keelson.apiserver.http.ServerUnderTest;
import dev.keelson.apiserver.http.TestPki;
import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Custom resources over HTTP, from the definition to its end. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
class CustomResourcesIT {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private final CronTabs crontabs = new CronTabs(TestPki.freshName("group"));

    @BeforeEach
    void install() {
        crontabs.install();
    }

    @Test
    void aDefinitionIsServedEverywhereAtOnce() {
        get(CronTabs.DEFINITIONS + "/" + crontabs.definitionName())
                .body("status.acceptedNames.kind", equalTo("CronTab"))
                .body("status.acceptedNames.listKind", equalTo("CronTabList"))
                .body("status.storedVersions", contains("v1"))
                .body("status.conditions.find{it.type=='NamesAccepted'}.reason", equalTo("NoConflicts"))
                .body("status.conditions.find{it.type=='Established'}.status", equalTo("True"));
        get("/apis").body("groups.name", hasItem(crontabs.group()));
        get("/apis/" + crontabs.group() + "/v1")
                .body("resources.name", contains("crontabs", "crontabs/scale", "crontabs/status"))
                .body("resources[0].shortNames", contains("ct"))
                .body("resources[0].categories", contains("all"));
        as("admin")
                .accept("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                .get("/apis")
                .then()
                .body("items.metadata.name", hasItem(crontabs.group()));
        String path = "apis/" + crontabs.group() + "/v1";
        String url =
                get("/openapi/v3").body("paths", hasKey(path)).extract().path("paths.'" + path + "'.serverRelativeURL");
        get(url).statusCode(200)
                .body(
                        "components.schemas.'" + crontabs.schemaName() + "'.properties.spec.properties.cronSpec.type",
                        equalTo("string"));
        get("/openapi/v2")
                .body("definitions", hasKey(crontabs.schemaName()))
                .body("definitions", hasKey("io.k8s.api.core.v1.Pod"));
    }

    @Test
    void customKindsOfAGroupWithABuiltInKindShareItsDocument() {
        String path = "apis/keelson.dev/v1";
        String definition = crontabs.definition().replace(crontabs.group(), "keelson.dev");
        String alone = get("/openapi/v3").extract().path("paths.'" + path + "'.serverRelativeURL");
        crontabs.post(definition).statusCode(201);
        crontabs.eventually(() -> get("/" + path + "/crontabs").statusCode(200));
        String together = get("/openapi/v3").extract().path("paths.'" + path + "'.serverRelativeURL");
        assertThat(together).isNotEqualTo(alone);
        get(together)
                .header("Cache-Control", "public, immutable")
                .body("paths", hasKey("/" + path + "/transactions"))
                .body("paths", hasKey("/" + path + "/crontabs"))
                .body("components.schemas", hasKey("dev.keelson.v1.TransactionOperation"))
                .body("components.schemas", hasKey("dev.keelson.v1.CronTab"));
        as("admin")
                .delete(CronTabs.DEFINITIONS + "/crontabs.keelson.dev")
                .then()
                .statusCode(200);
    }

    @Test
    void aChangedSchemaChangesTheHash() {
        String path = "apis/" + crontabs.group() + "/v1";
        String before = get("/openapi/v3").extract().path("paths.'" + path + "'.serverRelativeURL");
        patch(
                        CronTabs.DEFINITIONS + "/" + crontabs.definitionName(),
                        "application/json-patch+json",
                        "[{'op':'add','path':'/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/zone',"
                                + "'value':{'type':'string'}}]")
                .statusCode(200)
                .body("metadata.generation", equalTo(2));
        crontabs.eventually(() -> get(get("/openapi/v3").extract().path("paths.'" + path + "'.serverRelativeURL"))
                .body("components.schemas.'" + crontabs.schemaName() + "'.properties.spec.properties", hasKey("zone")));
        assertThat(get("/openapi/v3").extract().<String>path("paths.'" + path + "'.serverRelativeURL"))
                .isNotEqualTo(before);
    }

    @Test
    void objectsAreCompletedAndPruned() {
        create("{'metadata':{'name':'one'},'spec':{'cronSpec':'* * * * *','junk':1,'free':{'any':{'thing':1}}},"
                        + "'status':{'replicas':5}}")
                .statusCode(201)
                .body("spec.replicas", equalTo(1))
                .body("spec.junk", nullValue())
                .body("spec.free.any.thing", equalTo(1))
                .body("status", nullValue())
                .body("metadata.generation", equalTo(1))
                .body("metadata.managedFields[0].fieldsV1.'f:spec'", hasKey("f:cronSpec"));
        get(crontabs.path("one")).body("spec.replicas", equalTo(1));
    }

    @Test
    void aGroupOfCustomKindsHasAnApiServiceWhileItIsServed() {
        String service = "/apis/apiregistration.k8s.io/v1/apiservices/v1." + crontabs.group();
        crontabs.eventually(() -> get(service)
                .statusCode(200)
                .body("spec.group", equalTo(crontabs.group()))
                .body("status.conditions[0].status", equalTo("True")));
        as("admin")
                .delete(CronTabs.DEFINITIONS + "/" + crontabs.definitionName())
                .then()
                .statusCode(200);
        crontabs.eventually(() -> get(service).statusCode(404));
    }

    @Test
    void whatIsSentSaysWhatItIsAndWhichVersionItChanges() {
        String plain = json("{'metadata':{'name':'odd'},'spec':{'cronSpec':'* * * * *'}}");
        String version = crontabs.group() + "/v1";
        as("admin")
                .contentType("application/json")
                .body(plain)
                .post(crontabs.path())
                .then()
                .statusCode(400)
                .body("message", containsString("Object 'Kind' is missing in '" + plain + "'"));
        as("admin")
                .contentType("application/json")
                .body(plain.replaceFirst("\\{", "{\"kind\":\"CronTab\","))
                .post(crontabs.path())
                .then()
                .statusCode(400)
                .body(
                        "message",
                        equalTo("the API version in the data () does not match the expected API version (" + version
                                + ")"));
        create("{'metadata':{'name':'odd'},'spec':{'cronSpec':'* * * * *'}}").statusCode(201);
        for (String number : new String[] {"", "'resourceVersion':'0',"}) {
            request("{'metadata':{" + number + "'name':'odd'},'spec':{'cronSpec':'1 * * * *'}}")
                    .put(crontabs.path("odd"))
                    .then()
                    .statusCode(422)
                    .body(
                            "message",
                            containsString(
                                    "metadata.resourceVersion: Invalid value: 0x0: must be specified for an update"));
        }
        request("{'metadata':{'resourceVersion':'abc','name':'odd'},'spec':{'cronSpec':'1 * * * *'}}")
                .put(crontabs.path("odd"))
                .then()
                .statusCode(422)
                .body(
                        "message",
                        containsString("metadata.resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing"
                                + " \"abc\": invalid syntax"));
    }

    @Test
    void unknownAndDuplicateFieldsAreNamed() {
        String body = "{'metadata':{'name':'strict','labls':{}},'spec':{'cronSpec':'* * * * *','junk':1,'junk':2}}";
        request(body)
                .post(crontabs.path() + "?fieldValidation=Strict")
                .then()
                .statusCode(400)
                .body("message", containsString("strict decoding error"))
                .body("message", containsString("duplicate field \"spec.junk\""))
                .body("message", containsString("unknown field \"spec.junk\""))
                .body("message", containsString("unknown field \"metadata.labls\""));
        request(body)
                .post(crontabs.path() + "?fieldValidation=Warn")
                .then()
                .statusCode(201)
                .header("Warning", containsString("unknown field"));
    }

    @Test
    void whatIsWrongIsSaidAsKubernetesSaysIt() {
        create("{'metadata':{'name':'bad'},'spec':{'cronSpec':'x','replicas':'many','policy':'Never'}}")
                .statusCode(422)
                .body("reason", equalTo("Invalid"))
                .body("message", startsWith("CronTab." + crontabs.group() + " \"bad\" is invalid: ["))
                .body(
                        "details.causes.message",
                        hasItems(
                                "Invalid value: \"x\": spec.cronSpec in body should match '^(\\d+|\\*)(/\\d+)?(\\s+(\\d+|\\*)(/\\d+)?){4}$'",
                                "Invalid value: \"string\": spec.replicas in body must be of type integer: \"string\"",
                                "Unsupported value: \"Never\": supported values: \"Allow\", \"Forbid\""))
                .body("details.causes.field", hasItems("spec.cronSpec", "spec.replicas", "spec.policy"));
        create("{'metadata':{'name':'bad'},'spec':{}}")
                .statusCode(422)
                .body("details.causes[0].reason", equalTo("FieldValueRequired"))
                .body("details.causes[0].field", equalTo("spec.cronSpec"));
    }

    @Test
    void resourcesInsideAreHeldToWhatHoldsForEveryResource() {
        String inside = "{'metadata':{'name':'inside'},'spec':{'cronSpec':'* * * * *','template':%s}}";
        create(inside.formatted("{'kind':'Pod','apiVersion':'v1','metadata':{'labels':{'a':1}}}"))
                .statusCode(400)
                .body(
                        "message",
                        equalTo(
                                "CronTab in version \"v1\" cannot be handled as a CronTab: spec.template.metadata: Invalid"
                                        + " value: map[string]interface {}{\"labels\":map[string]interface {}{\"a\":1}}: json:"
                                        + " cannot unmarshal number into Go struct field ObjectMeta.labels of type string"));
        create(inside.formatted("{'kind':'Pod','apiVersion':1}"))
                .statusCode(400)
                .body("message", endsWith("spec.template.apiVersion: Invalid value: 1: must be a string"));
        create(inside.formatted("{'kind':'9','metadata':{'labels':{'a':'!'}}}"))
                .statusCode(422)
                .body(
                        "details.causes.field",
                        contains("spec.template.apiVersion", "spec.template.kind", "spec.template.metadata.labels"));
        String unknown = inside.formatted("{'kind':'Pod','apiVersion':'v1','x':1,'metadata':{'junk':1,'labels':{}}}");
        request(unknown)
                .post(crontabs.path() + "?fieldValidation=Strict")
                .then()
                .statusCode(400)
                .body("message", endsWith("strict decoding error: unknown field \"spec.template.metadata.junk\""));
        create(unknown)
                .statusCode(201)
                .body("spec.template.metadata", equalTo(Map.of()))
                .body("spec.template.x", equalTo(1));
    }

    @Test
    void metadataOfAWrongTypeIsRefused() {
        create("{'metadata':{'name':'wrong','labels':{'a':1}},'spec':{'cronSpec':'* * * * *'}}")
                .statusCode(400)
                .body(
                        "message",
                        endsWith("as a CronTab: json: cannot unmarshal number into Go struct field ObjectMeta.labels of"
                                + " type string"));
        create("{'metadata':'wrong','spec':{'cronSpec':'* * * * *'}}")
                .statusCode(400)
                .body("message", endsWith("json: cannot unmarshal string into Go value of type v1.ObjectMeta"));
    }

    @Test
    void statusIsWrittenOnItsOwn() {
        make("status");
        patch(
                        crontabs.path("status") + "/status",
                        "application/merge-patch+json",
                        "{'status':{'replicas':2,'junk':1},'spec':{'replicas':9}}")
                .statusCode(200)
                .body("status.replicas", equalTo(2))
                .body("status.junk", nullValue())
                .body("spec.replicas", equalTo(1))
                .body("metadata.generation", equalTo(1));
        patch(
                        crontabs.path("status"),
                        "application/merge-patch+json",
                        "{'status':{'replicas':3},'spec':{'replicas':4}}")
                .body("status.replicas", equalTo(2))
                .body("metadata.generation", equalTo(2));
        patch(crontabs.path("status"), "application/merge-patch+json", "{'metadata':{'labels':{'a':'b'}}}")
                .body("metadata.generation", equalTo(2));
    }

    @Test
    void scalesThroughTheDeclaredPaths() {
        make("scaled");
        patch(
                crontabs.path("scaled") + "/status",
                "application/merge-patch+json",
                "{'status':{'replicas':1,'selector':'app=x'}}");
        patch(crontabs.path("scaled") + "/scale", "application/merge-patch+json", "{'spec':{'replicas':7}}")
                .statusCode(200)
                .body("kind", equalTo("Scale"))
                .body("spec.replicas", equalTo(7))
                .body("status.replicas", equalTo(1))
                .body("status.selector", equalTo("app=x"));
        get(crontabs.path("scaled")).body("spec.replicas", equalTo(7));
    }

    @Test
    void listsShowTheDeclaredColumns() {
        make("shown");
        as("admin")
                .accept(TABLE)
                .get(crontabs.path())
                .then()
                .body("columnDefinitions.name", contains("Name", "Spec", "Replicas", "Age"))
                .body("rows[0].cells[0..2]", contains("shown", "* * * * *", 1));
    }

    @Test
    void selectableFieldsSelect() {
        make("a");
        create("{'metadata':{'name':'b'},'spec':{'cronSpec':'1 * * * *','policy':'Forbid'}}")
                .statusCode(201);
        get(crontabs.path() + "?fieldSelector=spec.policy%3DForbid").body("items.metadata.name", contains("b"));
        get(crontabs.path() + "?fieldSelector=spec.replicas%3D1").statusCode(400);
    }

    @Test
    void patchesMergeButNotStrategically() {
        make("patched");
        patch(crontabs.path("patched"), "application/strategic-merge-patch+json", "{'spec':{'replicas':3}}")
                .statusCode(415);
        patch(
                        crontabs.path("patched"),
                        "application/json-patch+json",
                        "[{'op':'replace','path':'/spec/replicas','value':3}]")
                .body("spec.replicas", equalTo(3));
    }

    @Test
    void appliesKnowListsByTheirKeys() {
        apply(
                        "one",
                        "{'metadata':{'name':'applied'},'spec':{'cronSpec':'* * * * *','jobs':[{'name':'a','image':'x'}]}}")
                .statusCode(201);
        apply("two", "{'metadata':{'name':'applied'},'spec':{'jobs':[{'name':'b','image':'y'}]}}")
                .statusCode(200)
                .body("spec.jobs.name", containsInAnyOrder("a", "b"));
        apply("two", "{'metadata':{'name':'applied'},'spec':{'jobs':[{'name':'a','image':'z'}]}}")
                .statusCode(409)
                .body("details.causes.field", hasItem(".spec.jobs[name=\"a\"].image"));
        apply("one", "{'metadata':{'name':'applied'},'spec':{'cronSpec':'* * * * *'}}")
                .statusCode(200)
                .body("spec.jobs.name", contains("b"));
        create("{'metadata':{'name':'twice'},'spec':{'cronSpec':'* * * * *','jobs':[{'name':'a'},{'name':'a'}]}}")
                .statusCode(422)
                .body("details.causes[0].reason", equalTo("FieldValueDuplicate"))
                .body("details.causes[0].field", equalTo("spec.jobs[1]"));
    }

    @Test
    void aDefinitionGoesWithItsObjects() {
        make("held");
        patch(
                crontabs.path("held"),
                "application/merge-patch+json",
                "{'metadata':{'finalizers':['example.com/held']}}");
        make("free");
        as("admin")
                .delete(CronTabs.DEFINITIONS + "/" + crontabs.definitionName())
                .then()
                .statusCode(200)
                .body("metadata.finalizers", hasItem("customresourcecleanup.apiextensions.k8s.io"))
                .body("status.conditions.find{it.type=='Terminating'}.reason", equalTo("InstanceDeletionPending"));
        crontabs.eventually(() -> get(crontabs.path("free")).statusCode(404));
        crontabs.eventually(() -> get(CronTabs.DEFINITIONS + "/" + crontabs.definitionName())
                .body("status.conditions.find{it.type=='Terminating'}.reason", equalTo("InstanceDeletionInProgress"))
                .body(
                        "status.conditions.find{it.type=='Terminating'}.message",
                        equalTo("CustomResource deletion is in progress")));
        create("{'metadata':{'name':'late'},'spec':{'cronSpec':'* * * * *'}}")
                .statusCode(405)
                .body("message", containsString("terminating"));
        patch(crontabs.path("held"), "application/merge-patch+json", "{'metadata':{'finalizers':null}}");
        crontabs.eventually(() ->
                get(CronTabs.DEFINITIONS + "/" + crontabs.definitionName()).statusCode(404));
        crontabs.eventually(() -> get("/apis/" + crontabs.group() + "/v1").statusCode(404));
        get(crontabs.path()).statusCode(404).body(equalTo("404 page not found\n"));
    }

    @Test
    void aTakenNameIsNotAccepted() {
        crontabs.post(crontabs.definition()
                        .replace("plural: crontabs", "plural: timers")
                        .replace("singular: crontab", "singular: timer")
                        .replace("name: crontabs.", "name: timers."))
                .statusCode(201);
        String path = CronTabs.DEFINITIONS + "/timers." + crontabs.group();
        crontabs.eventually(() -> get(path)
                .body("status.conditions.find{it.type=='NamesAccepted'}.status", equalTo("False"))
                .body("status.conditions.find{it.type=='Established'}.reason", equalTo("NotAccepted"))
                .body("status.acceptedNames", not(hasKey("kind"))));
        as("admin").delete(CronTabs.DEFINITIONS + "/" + crontabs.definitionName());
        crontabs.eventually(
                () -> get(path).body("status.conditions.find{it.type=='Established'}.status", equalTo("True")));
        get("/apis/" + crontabs.group() + "/v1").body("resources[0]", hasEntry("name", "timers"));
    }

    @Test
    void anUnfitDefinitionIsRefusedWithThePath() {
        crontabs.post(crontabs.definition()
                        .replace("crontabs", "others")
                        .replace("cronSpec: {type: string,", "cronSpec: {")
                        .replace("replicas: {type: integer,", "replicas: {type: integer, uniqueItems: true,"))
                .statusCode(422)
                .body("details.causes", hasSize(2))
                .body(
                        "details.causes.field",
                        containsInAnyOrder(
                                "spec.validation.openAPIV3Schema.properties[spec].properties[cronSpec].type",
                                "spec.validation.openAPIV3Schema.properties[spec].properties[replicas].uniqueItems"));
    }

    private ValidatableResponse make(String name) {
        return create("{'metadata':{'name':'" + name + "'},'spec':{'cronSpec':'* * * * *'}}")
                .statusCode(201);
    }

    private ValidatableResponse create(String body) {
        return request(body).post(crontabs.path()).then();
    }

    private ValidatableResponse apply(String manager, String body) {
        return as("admin")
                .contentType("application/apply-patch+yaml")
                .body(json(typed(body)))
                .patch(crontabs.path("applied") + "?fieldManager=" + manager)
                .then();
    }

    private io.restassured.specification.RequestSpecification request(String body) {
        return as("admin").contentType("application/json").body(json(typed(body)));
    }

    private String typed(String body) {
        return body.replaceFirst("\\{", "{'apiVersion':'" + crontabs.group() + "/v1','kind':'CronTab',");
    }

    private static ValidatableResponse get(String path) {
        return as("admin").get(path).then();
    }

    private static ValidatableResponse patch(String path, String type, String body) {
        return as("admin").contentType(type).body(json(body)).patch(path).then();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
