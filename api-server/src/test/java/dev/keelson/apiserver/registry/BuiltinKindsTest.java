package dev.keelson.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuiltinKindsTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    static ResourceDefinition kind(String plural) {
        return BuiltinKinds.list().stream()
                .filter(kind -> kind.plural().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    static ObjectNode yaml(String text) throws IOException {
        return (ObjectNode) YAML.readTree(text);
    }

    private static ObjectNode created(String plural, String text) throws IOException {
        ObjectNode object = yaml(text);
        kind(plural).strategy().applyDefaults(object);
        kind(plural).strategy().prepareForCreate(object);
        return object;
    }

    private static List<Object> cells(String plural, ObjectNode object) {
        return kind(plural).columns().stream()
                .map(column -> column.cell().apply(object, NOW))
                .toList();
    }

    @Test
    void namesAreUnique() {
        List<ResourceDefinition> all = BuiltinKinds.list();
        assertThat(all.stream().map(kind -> kind.apiVersion() + "/" + kind.plural()))
                .doesNotHaveDuplicates();
        // Views of another version or group are found under the names of what they show.
        List<ResourceDefinition> stored = all.stream()
                .filter(kind -> kind.strategy().storageGroup().isEmpty())
                .toList();
        assertThat(stored.stream().map(kind -> kind.group() + "/" + kind.plural()))
                .doesNotHaveDuplicates();
        assertThat(stored.stream().flatMap(kind -> kind.shortNames().stream())).doesNotHaveDuplicates();
    }

    @Test
    void everyColumnCopesWithAnEmptyObject() {
        for (ResourceDefinition kind : BuiltinKinds.list()) {
            ObjectNode empty = YAML.createObjectNode();
            kind.columns().forEach(column -> assertThat(column.cell().apply(empty, NOW))
                    .isNotNull());
            kind.strategy().applyDefaults(empty);
            kind.strategy().prepareForCreate(empty);
            kind.strategy().validate(empty);
        }
    }

    @Test
    void podsGetKubernetesDefaults() throws IOException {
        JsonNode pod = created("pods", """
                spec:
                  serviceAccountName: robot
                  containers:
                  - name: c
                    image: reg.local:5000/web
                    ports: [{containerPort: 80}]
                    livenessProbe: {httpGet: {port: 80}, timeoutSeconds: 0}
                    resources: {limits: {cpu: 1, memory: 64Mi}}
                  - {name: d, image: "web:2"}
                  volumes: [{name: a}, {name: b, configMap: {name: x}}]
                """);
        assertThat(pod.at("/spec/restartPolicy").asText()).isEqualTo("Always");
        assertThat(pod.at("/spec/serviceAccount").asText()).isEqualTo("robot");
        assertThat(pod.at("/spec/containers/0/imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(pod.at("/spec/containers/1/imagePullPolicy").asText()).isEqualTo("IfNotPresent");
        assertThat(pod.at("/spec/containers/0/ports/0/protocol").asText()).isEqualTo("TCP");
        assertThat(pod.at("/spec/containers/0/livenessProbe"))
                .isEqualTo(
                        yaml(
                                "{httpGet: {port: 80, path: /, scheme: HTTP}, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3}"));
        assertThat(pod.at("/spec/containers/0/resources/requests/memory").asText())
                .isEqualTo("64Mi");
        assertThat(pod.at("/spec/volumes/0/emptyDir").isObject()).isTrue();
        assertThat(pod.at("/spec/volumes/1/configMap/defaultMode").asInt()).isEqualTo(420);
        assertThat(pod.at("/status/phase").asText()).isEqualTo("Pending");
        assertThat(pod.at("/status/qosClass").asText()).isEqualTo("Burstable");
    }

    @Test
    void podAsAWholeMayAskForResources() throws IOException {
        ObjectNode pod = created("pods", """
                spec:
                  resources: {limits: {cpu: 2, memory: 64Mi}, requests: {memory: 64Mi}}
                  initContainers: [{name: i, image: i, resources: {requests: {cpu: 1}}}]
                  containers:
                  - {name: c, image: i, resources: {requests: {cpu: 700m, ephemeral-storage: 1Mi}}}
                  - {name: d, image: i, resources: {requests: {cpu: 800m}}}
                """);
        assertThat(pod.at("/spec/resources/requests")).isEqualTo(yaml("{memory: 64Mi, cpu: 1500m}"));
        assertThat(pod.at("/status/qosClass").asText()).isEqualTo("Burstable");
        ObjectNode sharing = created(
                "pods", "spec: {resources: {limits: {cpu: 1, memory: 64Mi}}, containers: [{name: c, image: i}]}");
        assertThat(sharing.at("/spec/resources/requests")).isEqualTo(yaml("{cpu: 1, memory: 64Mi}"));
        assertThat(sharing.at("/status/qosClass").asText()).isEqualTo("Guaranteed");
    }

    @Test
    void defaultsAreStable() throws IOException {
        ObjectNode once = created(
                "deployments",
                "spec: {selector: {matchLabels: {a: b}}, template: {spec: {containers: [{name: c, image: i}]}}}");
        ObjectNode twice = once.deepCopy();
        kind("deployments").strategy().applyDefaults(twice);
        assertThat(twice).isEqualTo(once);
        assertThat(once.at("/spec/strategy/rollingUpdate/maxSurge").asText()).isEqualTo("25%");
        assertThat(once.at("/spec/template/spec/dnsPolicy").asText()).isEqualTo("ClusterFirst");
    }

    @Test
    void secretsMergeStringData() throws IOException {
        JsonNode secret = created("secrets", "{data: {a: eA==}, stringData: {a: hi, b: you}}");
        assertThat(secret).isEqualTo(yaml("{data: {a: aGk=, b: eW91}, type: Opaque}"));
    }

    @Test
    void aServiceKeepsTheAddressAnUpdateDoesNotMention() throws IOException {
        ObjectNode old =
                created("services", "{spec: {clusterIP: 10.96.0.9, clusterIPs: [10.96.0.9], ports: [{port: 80}]}}");
        ObjectNode updated = yaml("{spec: {ports: [{port: 81}]}}");
        kind("services").strategy().applyDefaults(updated);
        kind("services").strategy().prepareForUpdate(updated, old);
        assertThat(updated.at("/spec/clusterIP").asText()).isEqualTo("10.96.0.9");
        assertThat(kind("services").strategy().validateUpdate(updated, old)).isEmpty();
        assertThat(cells("services", updated)).startsWith("ClusterIP", "10.96.0.9", "<none>", "81/TCP");
    }

    @Test
    void rowsOfTheOtherKinds() throws IOException {
        assertThat(cells("nodes", yaml("""
                metadata: {labels: {node-role.kubernetes.io/worker: "", node-role.kubernetes.io/control-plane: ""}, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec: {unschedulable: true}
                status:
                  conditions: [{type: Ready, status: "True"}]
                  nodeInfo: {kubeletVersion: v1.32.0, osImage: Debian}
                  addresses: [{type: InternalIP, address: 10.0.0.1}]
                """)))
                .startsWith(
                        "Ready,SchedulingDisabled",
                        "control-plane,worker",
                        "60m",
                        "v1.32.0",
                        "10.0.0.1",
                        "<none>",
                        "Debian");
        assertThat(cells("deployments", yaml("""
                metadata: {creationTimestamp: "2026-01-01T00:59:30Z"}
                spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {spec: {containers: [{name: c, image: i}]}}}
                status: {readyReplicas: 2, updatedReplicas: 1, availableReplicas: 2}
                """))).containsExactly("2/3", 1L, 2L, "30s", "c", "i", "app=web");
        assertThat(cells("events", yaml("""
                metadata: {name: e.1}
                involvedObject: {kind: Pod, name: web-1, fieldPath: "spec.containers{c}"}
                type: Normal
                reason: Pulled
                message: "done\\n"
                source: {component: agent, host: n1}
                firstTimestamp: "2026-01-01T00:00:00Z"
                lastTimestamp: "2026-01-01T00:59:00Z"
                count: 4
                """)))
                .containsExactly(
                        "60s",
                        "Normal",
                        "Pulled",
                        "pod/web-1",
                        "spec.containers{c}",
                        "agent, n1",
                        "done",
                        "60m",
                        4L,
                        "e.1");
        assertThat(
                        cells(
                                "endpointslices",
                                yaml(
                                        "{addressType: IPv4, ports: [{port: 80}], endpoints: [{addresses: [a]}, {addresses: [b]}, {addresses: [c]}, {addresses: [d]}]}")))
                .startsWith("IPv4", "80", "a,b,c + 1 more...");
    }
}
