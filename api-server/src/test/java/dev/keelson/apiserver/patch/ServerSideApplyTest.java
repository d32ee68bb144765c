package dev.keelson.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.schema.Schemas;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ServerSideApplyTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant T1 = T0.plusSeconds(60);
    private static final Schemas SCHEMAS = new Schemas();
    private final ServerSideApply apply = new ServerSideApply(SCHEMAS);
    private final ManagedFields managed = new ManagedFields(SCHEMAS);

    private static ObjectNode yaml(String text) throws IOException {
        return (ObjectNode) YAML.readTree(text);
    }

    private static ObjectNode deployment(String spec) throws IOException {
        return yaml("{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: " + spec + "}");
    }

    private ObjectNode apply(ObjectNode live, String spec, String manager) throws IOException {
        return apply.apply(live, deployment(spec), FieldOwner.of(manager), false, T0);
    }

    private static ObjectNode nothing() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Test
    void creatingRecordsWhatWasStated() throws IOException {
        ObjectNode created = apply(
                nothing(),
                "{replicas: 2, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}}}",
                "kubectl");
        assertThat(created.at("/metadata/managedFields")).isEqualTo(YAML.readTree("""
                - manager: kubectl
                  operation: Apply
                  apiVersion: apps/v1
                  time: "2026-01-01T00:00:00Z"
                  fieldsType: FieldsV1
                  fieldsV1:
                    f:spec:
                      f:replicas: {}
                      f:template:
                        f:metadata: {f:labels: {f:app: {}}}
                        f:spec:
                          f:containers:
                            'k:{"name":"c"}':
                              .: {}
                              f:image: {}
                              f:name: {}
                              f:ports:
                                'k:{"containerPort":80,"protocol":"TCP"}': {.: {}, f:containerPort: {}}
                """));
    }

    @Test
    void applyingTwiceChangesNothing() throws IOException {
        ObjectNode once = apply(nothing(), "{replicas: 2, paused: true}", "kubectl");
        ObjectNode twice =
                apply.apply(once, deployment("{replicas: 2, paused: true}"), FieldOwner.of("kubectl"), false, T1);
        assertThat(twice).isEqualTo(once);
    }

    @Test
    void whatIsNoLongerAppliedGoesUnlessAnotherOwnsIt() throws IOException {
        ObjectNode live = apply(nothing(), "{replicas: 2, paused: true}", "a");
        live = apply(live, "{replicas: 2}", "b");
        live = apply(live, "{minReadySeconds: 3}", "a");
        assertThat(live.path("spec")).isEqualTo(yaml("{replicas: 2, minReadySeconds: 3}"));
        assertThat(live.at("/metadata/managedFields").valueStream().map(entry -> entry.path("manager")
                        .asText()))
                .containsExactly("a", "b");
    }

    @Test
    void aConflictNamesFieldAndManager() throws IOException {
        ObjectNode live = apply(nothing(), "{replicas: 2, template: {spec: {containers: [{name: c, image: i}]}}}", "a");
        assertThatThrownBy(() -> apply(live, "{replicas: 3}", "b")).isInstanceOfSatisfying(PatchException.class, e -> {
            assertThat(e.kind()).isEqualTo(PatchException.Kind.CONFLICT);
            assertThat(e).hasMessage("Apply failed with 1 conflict: conflict with \"a\": .spec.replicas");
            assertThat(e.conflicts()).containsExactly(new ApplyConflict("\"a\"", ".spec.replicas"));
        });
        assertThatThrownBy(
                        () -> apply(live, "{replicas: 3, template: {spec: {containers: [{name: c, image: j}]}}}", "b"))
                .hasMessage(
                        "Apply failed with 2 conflicts: conflicts with \"a\":\n- .spec.replicas\n- .spec.template.spec.containers[name=\"c\"].image");
    }

    @Test
    void forceTakesTheField() throws IOException {
        ObjectNode live = apply(nothing(), "{replicas: 2, paused: true}", "a");
        ObjectNode forced = apply.apply(live, deployment("{replicas: 3}"), FieldOwner.of("b"), true, T1);
        assertThat(forced.at("/spec/replicas").intValue()).isEqualTo(3);
        JsonNode entries = forced.at("/metadata/managedFields");
        assertThat(entries.get(0).path("fieldsV1")).isEqualTo(yaml("{f:spec: {f:paused: {}}}"));
        assertThat(entries.get(1).path("fieldsV1")).isEqualTo(yaml("{f:spec: {f:replicas: {}}}"));
    }

    @Test
    void equalValuesAreSharedWithoutConflict() throws IOException {
        ObjectNode live = apply(nothing(), "{replicas: 2}", "a");
        assertThat(apply(live, "{replicas: 2}", "b").at("/metadata/managedFields"))
                .hasSize(2);
    }

    @Test
    void anElementGoesWithItsDefaultsWhenNobodyElseOwnsPartOfIt() throws IOException {
        ObjectNode live =
                apply(nothing(), "{template: {spec: {containers: [{name: c, image: i}, {name: d, image: i}]}}}", "a");
        ((ObjectNode) live.at("/spec/template/spec/containers/1")).put("imagePullPolicy", "Always");
        ObjectNode after = apply(live, "{template: {spec: {containers: [{name: c, image: i}]}}}", "a");
        assertThat(after.at("/spec/template/spec/containers")).isEqualTo(YAML.readTree("[{name: c, image: i}]"));
    }

    @Test
    void aProbeGoesWithItsDefaults() throws IOException {
        ObjectNode live = apply(
                nothing(), "{template: {spec: {containers: [{name: c, livenessProbe: {httpGet: {port: 80}}}]}}}", "a");
        ((ObjectNode) live.at("/spec/template/spec/containers/0/livenessProbe")).put("periodSeconds", 10);
        ObjectNode after = apply(live, "{template: {spec: {containers: [{name: c}]}}}", "a");
        assertThat(after.at("/spec/template/spec/containers/0")).isEqualTo(yaml("{name: c}"));
    }

    @Test
    void updatesOwnWhatTheyChangeAndConflictWithLaterApplies() throws IOException {
        ObjectNode live = apply(nothing(), "{replicas: 2}", "kubectl");
        ObjectNode scaled = live.deepCopy();
        ((ObjectNode) scaled.get("spec")).put("replicas", 5);
        managed.track(live, scaled, FieldOwner.of("autoscaler"), T1);
        assertThat(scaled.at("/metadata/managedFields")).hasSize(1);
        assertThatThrownBy(() -> apply(scaled, "{replicas: 2}", "kubectl"))
                .hasMessage(
                        "Apply failed with 1 conflict: conflict with \"autoscaler\" using apps/v1 at 2026-01-01T00:01:00Z: .spec.replicas");
        assertThat(apply(scaled, "{paused: true}", "kubectl")
                        .at("/spec/replicas")
                        .intValue())
                .isEqualTo(5);
    }

    @Test
    void aListElementWithoutItsKeyOrTwiceIsMalformed() {
        assertThatThrownBy(() -> apply(nothing(), "{template: {spec: {containers: [{image: i}]}}}", "a"))
                .isInstanceOfSatisfying(
                        PatchException.class, e -> assertThat(e.kind()).isEqualTo(PatchException.Kind.MALFORMED))
                .hasMessage("failed to create typed patch object (/web; apps/v1, Kind=Deployment):"
                        + " .spec.template.spec.containers: element 0: associative list with keys has an element"
                        + " that omits key field \"name\" (and doesn't have default value)");
        assertThatThrownBy(() -> apply(nothing(), "{template: {spec: {containers: [{name: i}, {name: i}]}}}", "a"))
                .hasMessage("failed to create typed patch object (/web; apps/v1, Kind=Deployment):"
                        + " .spec.template.spec.containers: duplicate entries for key [name=\"i\"]");
    }

    @Test
    void everythingThatIsNotOfTheTypeIsListed() {
        assertThatThrownBy(() -> apply(
                        nothing(),
                        "{replicas: many, paused: 1, template: {metadata: {labels: {a: 1}}, spec: {containers:"
                                + " [{name: c, ports: x, resources: {limits: {cpu: [1]}}, env: [{name: A, oops: 1}]},"
                                + " {name: c, image: [i], command: [a, {b: c}]}]}}}",
                        "a"))
                .hasMessage("""
                        failed to create typed patch object (/web; apps/v1, Kind=Deployment): errors:
                          .spec.replicas: expected numeric (int or float), got string
                          .spec.paused: expected boolean, got &value.valueUnstructured{Value:1}
                          .spec.template.metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}
                          .spec.template.spec.containers[name="c"].ports: expected list, got &{x}
                          .spec.template.spec.containers[name="c"].resources.limits.cpu: expected any scalar, got &{[1]}
                          .spec.template.spec.containers[name="c"].env[name="A"].oops: field not declared in schema
                          .spec.template.spec.containers: duplicate entries for key [name="c"]
                          .spec.template.spec.containers[name="c"].image: expected string, got &value.valueUnstructured{Value:[]interface {}{…}}
                          .spec.template.spec.containers[name="c"].command[1]: expected string, got &value.valueUnstructured{Value:map[string]interface {}{…}}""");
        assertThatThrownBy(() -> apply(nothing(), "{template: [x, {a: 1}]}", "a"))
                .hasMessageEndingWith(": .spec.template: expected map, got &{[x map[a:1]]}");
    }

    @Test
    void valuesOfFreeFormAreOfAnyType() throws IOException {
        ObjectNode definition = yaml("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition,"
                + " metadata: {name: x}, spec: {versions: [{name: v1, schema: {openAPIV3Schema: {type: object,"
                + " default: {a: [1]}, enum: [1, x], items: {type: string}}}}]}}");
        assertThat(apply.apply(nothing(), definition, FieldOwner.of("a"), false, T0)
                        .at("/spec/versions/0/schema/openAPIV3Schema/default/a/0")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void anObjectOfTheCoreGroupIsNamedWithItsNamespaceAndAnEmptyGroup() throws IOException {
        ObjectNode pod = yaml("{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop},"
                + " spec: {containers: [{name: c}, {name: c}]}}");
        assertThatThrownBy(() -> apply.apply(nothing(), pod, FieldOwner.of("a"), false, T0))
                .hasMessageStartingWith(
                        "failed to create typed patch object (shop/p; /v1, Kind=Pod): .spec.containers:");
    }

    @Test
    void customObjectsAreOwnedFieldByFieldAndTheirListsWhole() throws IOException {
        ObjectNode live = apply.apply(
                nothing(),
                yaml("{apiVersion: example.com/v1, kind: Foo, metadata: {name: x}, spec: {a: 1, l: [1, 2]}}"),
                FieldOwner.of("m"),
                false,
                T0);
        assertThat(live.at("/metadata/managedFields/0/fieldsV1")).isEqualTo(yaml("{f:spec: {f:a: {}, f:l: {}}}"));
        ObjectNode other = apply.apply(
                live,
                yaml("{apiVersion: example.com/v1, kind: Foo, metadata: {name: x}, spec: {b: 1}}"),
                FieldOwner.of("n"),
                false,
                T0);
        assertThat(other.get("spec")).isEqualTo(yaml("{a: 1, l: [1, 2], b: 1}"));
    }

    @Test
    void manyUpdatersAreFolded() throws IOException {
        ObjectNode live = yaml("{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {}}");
        for (int i = 0; i < 15; i++) {
            ObjectNode next = live.deepCopy();
            next.withObjectProperty("data").put("k" + i, "v");
            managed.track(live, next, FieldOwner.of("m" + i), T0.plusSeconds(i));
            live = next;
        }
        assertThat(live.at("/metadata/managedFields")).hasSize(10);
        assertThat(live.at("/metadata/managedFields").findValuesAsText("manager"))
                .contains("ancient-changes", "m14")
                .doesNotContain("m0");
    }
}
