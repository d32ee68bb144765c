package dev.keelson.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.keelson.apiserver.registry.BuiltinKinds;
import dev.keelson.apiserver.schema.FieldSchema.ListKind;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private final Schemas schemas = new Schemas();

    private static ObjectNode yaml(String text) throws IOException {
        return (ObjectNode) YAML.readTree(text);
    }

    @Test
    void everyBuiltinKindHasAType() {
        BuiltinKinds.list().forEach(kind -> assertThat(schemas.find(kind.apiVersion(), kind.kind()))
                .as(kind.kind())
                .isPresent());
        assertThat(schemas.find("v1", "DeleteOptions")).isPresent();
        assertThat(schemas.find("authorization.k8s.io/v1", "SelfSubjectAccessReview"))
                .isPresent();
        assertThat(schemas.find("nope/v1", "Foo")).isEmpty();
        assertThat(schemas.find("../../x", "Pod")).isEmpty();
        assertThat(schemas.find("", "")).isEmpty();
    }

    /** Field by field what Kubernetes' own OpenAPI documents say, for types that are served. */
    @ParameterizedTest
    @CsvSource({
        "apps.v1.DeploymentSpec,strategy,retainKeys,,ATOMIC,",
        "apps.v1.DeploymentStatus,conditions,merge,type,MAP,type",
        "core.v1.Container,env,merge,name,MAP,name",
        "core.v1.Container,ports,merge,containerPort,MAP,containerPort protocol",
        "core.v1.Container,volumeMounts,merge,mountPath,MAP,mountPath",
        "core.v1.Container,volumeDevices,merge,devicePath,MAP,devicePath",
        "core.v1.Container,resizePolicy,,,ATOMIC,",
        "core.v1.EphemeralContainer,env,merge,name,MAP,name",
        "core.v1.NodeSpec,podCIDRs,merge,,SET,",
        "core.v1.NodeStatus,addresses,merge,type,MAP,type",
        "core.v1.PodSpec,containers,merge,name,MAP,name",
        "core.v1.PodSpec,hostAliases,merge,ip,MAP,ip",
        "core.v1.PodSpec,imagePullSecrets,merge,name,MAP,name",
        "core.v1.PodSpec,volumes,merge retainKeys,name,MAP,name",
        "core.v1.PodSpec,topologySpreadConstraints,merge,topologyKey,MAP,topologyKey whenUnsatisfiable",
        "core.v1.PodSpec,tolerations,,,ATOMIC,",
        "core.v1.PodStatus,podIPs,merge,ip,MAP,ip",
        "core.v1.ServiceAccount,secrets,merge,name,MAP,name",
        "core.v1.ServiceSpec,ports,merge,port,MAP,port protocol",
        "core.v1.ServiceSpec,clusterIPs,,,ATOMIC,",
        "discovery.v1.EndpointSlice,endpoints,,,ATOMIC,",
    })
    void mergeRules(String type, String field, String strategies, String key, ListKind list, String mapKeys) {
        FieldSchema schema = schemas.definition("io.k8s.api." + type)
                .orElseThrow()
                .field(field)
                .orElseThrow();
        assertThat(schema.patchStrategies())
                .containsExactlyInAnyOrder(strategies == null ? new String[0] : strategies.split(" "));
        assertThat(schema.patchMergeKey()).isEqualTo(key == null ? "" : key);
        assertThat(schema.listType()).isEqualTo(list);
        assertThat(schema.listMapKeys()).containsExactly(mapKeys == null ? new String[0] : mapKeys.split(" "));
    }

    @Test
    void metadataMergeRules() {
        ObjectSchema meta = schemas.definition("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta")
                .orElseThrow();
        assertThat(meta.field("finalizers").orElseThrow().listType()).isEqualTo(ListKind.SET);
        assertThat(meta.field("ownerReferences").orElseThrow().listMapKeys()).containsExactly("uid");
        assertThat(schemas.definition("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector")
                        .orElseThrow()
                        .atomic())
                .isTrue();
        assertThat(schemas.definition("io.k8s.api.core.v1.ServiceSpec")
                        .orElseThrow()
                        .field("selector")
                        .orElseThrow()
                        .atomicMap())
                .isTrue();
        assertThat(schemas.definition("io.k8s.api.core.v1.ContainerPort")
                        .orElseThrow()
                        .field("protocol")
                        .orElseThrow()
                        .defaultValue())
                .map(JsonNode::asText)
                .contains("TCP");
    }

    @Test
    void unknownFieldsAndWrongTypesAreNamedWithTheirPaths() throws IOException {
        SchemaReport report = schemas.check(yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, labels: {a: 1}, nope: x}
                spec:
                  replicas: three
                  foo: 1
                  template:
                    spec:
                      containers:
                      - {name: c, imagee: x, ports: [{containerPort: 1.5}], resources: {limits: {cpu: lots}}}
                      - 3
                      volumes: {}
                """));
        assertThat(report.unknownFields())
                .containsExactlyInAnyOrder(
                        "unknown field \"metadata.nope\"",
                        "unknown field \"spec.foo\"",
                        "unknown field \"spec.template.spec.containers[0].imagee\"");
        assertThat(report.typeErrors())
                .containsExactlyInAnyOrder(
                        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
                        "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
                        "json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32",
                        "spec.template.spec.containers[0].resources.limits.cpu: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
                        "json: cannot unmarshal number into Go struct field PodSpec.spec.template.spec.containers of type v1.Container",
                        "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.volumes of type []v1.Volume");
    }

    @Test
    void pruningLeavesWhatADecodeWouldKeep() throws IOException {
        ObjectNode pod = yaml("""
                apiVersion: v1
                kind: Pod
                metadata: {name: a, creationTimestamp: null, labels: {x: null}, junk: 1}
                spec: {containers: [{name: c, image: null, resources: {limits: {cpu: 1}}}, null]}
                status: null
                """);
        schemas.prune(pod);
        assertThat(pod).isEqualTo(yaml("""
                {apiVersion: v1, kind: Pod, metadata: {name: a, labels: {x: ""}}, spec: {containers: [{name: c, resources: {limits: {cpu: "1"}}}, {}]}}
                """));
    }

    @Test
    void documentsDescribeEveryServedVersion() throws IOException {
        assertThat(schemas.openApiV3Index().keySet())
                .containsAll(BuiltinKinds.list().stream()
                        .map(kind -> (kind.group().isEmpty() ? "api/" : "apis/") + kind.apiVersion())
                        .collect(Collectors.toSet()))
                .contains(
                        "apis/authentication.k8s.io/v1", "apis/authorization.k8s.io/v1", "apis/metrics.k8s.io/v1beta1");
        for (String path : schemas.openApiV3Index().keySet()) {
            JsonNode document = new ObjectMapper()
                    .readTree(schemas.openApiV3(path).orElseThrow().plain());
            assertReferencesResolve(document, document);
        }
        assertThat(schemas.openApiV3("../types/index")).isEmpty();
        JsonNode v2 = new ObjectMapper().readTree(schemas.openApiV2().plain());
        assertReferencesResolve(v2, v2);
        assertThat(schemas.openApiV2().hash()).hasSize(32);
    }

    @ParameterizedTest
    @CsvSource({
        "apis/authorization.k8s.io/v1,/apis/authorization.k8s.io/v1/selfsubjectaccessreviews,post,SelfSubjectAccessReview",
        "apis/authorization.k8s.io/v1,/apis/authorization.k8s.io/v1/namespaces/{namespace}/localsubjectaccessreviews,post,LocalSubjectAccessReview",
        "apis/authentication.k8s.io/v1,/apis/authentication.k8s.io/v1/tokenreviews,post,TokenReview",
        "apis/metrics.k8s.io/v1beta1,/apis/metrics.k8s.io/v1beta1/nodes/{name},get,NodeMetrics",
        "apis/metrics.k8s.io/v1beta1,/apis/metrics.k8s.io/v1beta1/pods,get,PodMetrics",
        "api/v1,/api/v1/namespaces/{namespace}/bindings,post,Binding",
        "api/v1,/api/v1/componentstatuses,get,ComponentStatus",
        "apis/keelson.dev/v1,/apis/keelson.dev/v1/transactions,post,Transaction",
    })
    void kindsThatAreNotStoredAreDescribed(String document, String path, String method, String kind)
            throws IOException {
        JsonNode paths = new ObjectMapper()
                .readTree(schemas.openApiV3(document).orElseThrow().plain())
                .path("paths");
        assertThat(paths.path(path)
                        .path(method)
                        .at("/x-kubernetes-group-version-kind/kind")
                        .asText())
                .isEqualTo(kind);
        assertThat(paths.path(path).has("delete")).isFalse();
    }

    private static void assertReferencesResolve(JsonNode node, JsonNode document) {
        if (node.path("$ref").isTextual()) {
            assertThat(document.at(node.path("$ref").asText().substring(1)).isObject())
                    .as(node.path("$ref").asText())
                    .isTrue();
        }
        node.forEach(child -> assertReferencesResolve(child, document));
    }

    @Test
    void patchOperationsCarryWhatKubectlLooksFor() throws IOException {
        JsonNode document = new ObjectMapper()
                .readTree(schemas.openApiV3("apis/apps/v1").orElseThrow().plain());
        JsonNode patch = document.at("/paths")
                .path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                .path("patch");
        assertThat(patch.at("/x-kubernetes-group-version-kind/kind").asText()).isEqualTo("Deployment");
        assertThat(patch.path("parameters").findValuesAsText("name")).contains("fieldValidation", "dryRun");
        assertThat(patch.at("/requestBody/content").has("application/strategic-merge-patch+json"))
                .isTrue();
    }
}
