package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.postgres.PostgresTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stock kubectl against the server: what people type, and what they must read in answer. */
@QuarkusTest
@QuarkusTestResource(PostgresTestResource.class)
@QuarkusTestResource(ServerUnderTest.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class KubectlIT {
    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, labels: {app: web}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: c, image: "web:1", ports: [{containerPort: 80}]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec: {selector: {app: web}, ports: [{port: 80}]}
            """;

    @TempDir
    Path work;

    private String namespace = "";
    private Kubectl kubectl;

    @BeforeEach
    void ownNamespace() throws IOException {
        kubectl = Kubectl.in(work);
        Files.writeString(work.resolve("web.yaml"), WEB);
        namespace = TestPki.freshName("kubectl");
        assertThat(kubectl("create", "namespace", namespace)).contains("created");
    }

    @Test
    void appliesAndAppliesAgain() {
        assertThat(kubectl("apply", "-f", "web.yaml"))
                .contains("deployment.apps/web created")
                .contains("service/web created");
        assertThat(kubectl("apply", "-f", "web.yaml")).contains("deployment.apps/web unchanged");
        assertThat(kubectl("diff", "-f", "web.yaml")).isEmpty();
        write("web.yaml", WEB.replace("web:1", "web:2"));
        assertThat(kubectl("apply", "-f", "web.yaml")).contains("deployment.apps/web configured");
        assertThat(kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[*].image}"))
                .isEqualTo("web:2");
        assertThat(kubectl("delete", "-f", "web.yaml")).contains("deployment.apps \"web\" deleted");
    }

    @Test
    void aDrainLeavesWhatABudgetKeeps() {
        String node = TestPki.freshName("node");
        write("drained.yaml", """
                apiVersion: v1
                kind: List
                items:
                - {apiVersion: v1, kind: Node, metadata: {name: NODE}}
                - {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b}, spec: {selector: {}}}
                - {apiVersion: v1, kind: Pod, metadata: {name: one}, spec: POD}
                - {apiVersion: v1, kind: Pod, metadata: {name: two}, spec: POD}
                """.replace(
                        "POD",
                        "{nodeName: NODE, automountServiceAccountToken: false, containers: [{name: c, image: i}]}")
                .replace("NODE", node));
        kubectl("create", "-f", "drained.yaml");
        for (String pod : List.of("one", "two")) {
            kubectl("patch", "pod", pod, "--subresource=status", "-p", "{\"status\":{\"phase\":\"Running\"}}");
        }
        String one = "{\"status\":{\"observedGeneration\":1,\"disruptionsAllowed\":1}}";
        kubectl("patch", "pdb", "b", "--subresource=status", "--type=merge", "-p", one);
        assertThat(failing("drain", node, "--force", "--grace-period=0", "--timeout=2s"))
                .contains("(will retry after 5s): Cannot evict pod as it would violate the pod's disruption budget.");
        assertThat(kubectl("get", "pods", "-o", "name").lines()).hasSize(1);
        kubectl("patch", "pdb", "b", "--subresource=status", "--type=merge", "-p", one);
        assertThat(kubectl("drain", node, "--force", "--grace-period=0", "--timeout=60s"))
                .contains("drained");
        assertThat(kubectl("get", "pods", "-o", "name")).doesNotContain("pod/");
        kubectl("delete", "node", node);
    }

    @Test
    void serverSideApplyKnowsItsOwners() {
        assertThat(kubectl("apply", "--server-side", "-f", "web.yaml")).contains("serverside-applied");
        assertThat(kubectl("scale", "deployment/web", "--replicas=5")).contains("scaled");
        assertThat(failing("apply", "--server-side", "--field-manager=other", "-f", "web.yaml"))
                .contains("Apply failed with 1 conflict")
                .contains(".spec.replicas");
        assertThat(kubectl("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "web.yaml"))
                .contains("serverside-applied");
        assertThat(kubectl("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"))
                .isEqualTo("2");
    }

    @Test
    void showsObjectsInEveryForm() {
        kubectl("apply", "-f", "web.yaml");
        assertThat(kubectl("get", "deployments")).contains("NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE", "0/2");
        assertThat(kubectl("get", "deployments", "-o", "wide")).contains("CONTAINERS", "web:1", "app=web");
        assertThat(kubectl("get", "deployments", "-A", "-l", "app=web")).contains("NAMESPACE", namespace);
        assertThat(kubectl("get", "deployment", "web", "-o", "yaml")).contains("kind: Deployment", "replicas: 2");
        assertThat(kubectl("get", "deployment", "web", "-o", "json")).contains("\"kind\": \"Deployment\"");
        assertThat(kubectl("get", "deployments", "-o", "custom-columns=N:.metadata.name,R:.spec.replicas"))
                .containsPattern("web +2");
        assertThat(kubectl("get", "all")).contains("deployment.apps/web", "service/web");
        assertThat(kubectl("describe", "deployment", "web")).contains("Selector:", "app=web", "RollingUpdate");
        assertThat(kubectl("describe", "service", "web")).contains("IP:", "10.96.");
        assertThat(failing("get", "deployment", "none"))
                .contains("Error from server (NotFound): deployments.apps \"none\" not found");
    }

    @Test
    void createsWithProtobufBodies() {
        assertThat(kubectl("create", "configmap", "cm", "--from-literal=a=b")).contains("configmap/cm created");
        assertThat(kubectl("create", "secret", "generic", "s", "--from-literal=a=b"))
                .contains("secret/s created");
        assertThat(kubectl("create", "deployment", "d", "--image=web:1")).contains("deployment.apps/d created");
        assertThat(kubectl("expose", "deployment", "d", "--port=80")).contains("service/d exposed");
        assertThat(kubectl("run", "p", "--image=web:1")).contains("pod/p created");
        assertThat(kubectl("get", "secret", "s", "-o", "jsonpath={.data.a}")).isEqualTo("Yg==");
        assertThat(kubectl("create", "configmap", "dry", "--dry-run=server")).contains("(server dry run)");
        assertThat(failing("get", "configmap", "dry")).contains("not found");
        assertThat(kubectl("delete", "pod", "p")).contains("deleted");
    }

    @Test
    void changesObjects() {
        kubectl("apply", "-f", "web.yaml");
        assertThat(kubectl("label", "deployment", "web", "x=y")).contains("labeled");
        assertThat(kubectl("annotate", "deployment", "web", "a=b")).contains("annotated");
        assertThat(kubectl("scale", "deployment/web", "--replicas=3")).contains("scaled");
        assertThat(kubectl("get", "deployment", "web", "--subresource=scale")).contains("DESIRED", "3");
        assertThat(kubectl("set", "image", "deployment/web", "c=web:2"))
                .isEqualTo("deployment.apps/web image updated\n");
        assertThat(kubectl("set", "env", "deployment/web", "A=b")).contains("env updated");
        assertThat(kubectl("patch", "deployment", "web", "-p", "{\"spec\":{\"replicas\":4}}"))
                .contains("patched");
        assertThat(kubectl("rollout", "restart", "deployment/web")).contains("restarted");
        assertThat(kubectl("rollout", "history", "deployment/web")).contains("deployment.apps/web");
        assertThat(kubectl(Map.of("KUBE_EDITOR", "sed -i s/web:2/web:3/"), "edit", "deployment", "web"))
                .contains("edited");
        assertThat(kubectl("get", "deployment", "web", "-o", "jsonpath={..image} {.spec.replicas} {..env[0].name}"))
                .isEqualTo("web:3 4 A");
        assertThat(kubectl("wait", "--for=jsonpath={.spec.replicas}=4", "deployment/web", "--timeout=10s"))
                .contains("condition met");
    }

    @Test
    void explainsItself() {
        assertThat(kubectl("api-resources")).contains("deployments", "deploy", "apps/v1", "endpointslices");
        assertThat(kubectl("api-versions")).contains("apps/v1", "coordination.k8s.io/v1");
        assertThat(kubectl("explain", "deployment.spec.replicas")).contains("FIELD: replicas <integer>");
        assertThat(kubectl("explain", "transaction.spec.operations"))
                .contains("<[]TransactionOperation>", "apply\t<Object>");
        assertThat(kubectl("auth", "can-i", "create", "pods")).isEqualTo("yes\n");
        assertThat(kubectl("auth", "whoami")).contains("kubernetes-admin", "system:masters");
        assertThat(kubectl("version")).contains("Server Version: v1.32");
        assertThat(kubectl("get", "--raw", "/readyz?verbose")).contains("readyz check passed");
    }

    @Test
    void saysWhatIsWrong() {
        write("bad.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\ndatta: {a: b}\n");
        assertThat(failing("apply", "-f", "bad.yaml")).contains("unknown field \"datta\"");
        assertThat(kubectl("apply", "--validate=warn", "-f", "bad.yaml")).contains("Warning: unknown field \"datta\"");
        write("worse.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: WORSE}\n");
        assertThat(failing("apply", "-f", "worse.yaml")).contains("is invalid: metadata.name: Invalid value");
    }

    private String kubectl(String... arguments) {
        return kubectl(Map.of(), arguments);
    }

    private String kubectl(Map<String, String> environment, String... arguments) {
        return kubectl.inNamespace(namespace).run(0, environment, arguments);
    }

    private String failing(String... arguments) {
        return kubectl.inNamespace(namespace).failing(arguments);
    }

    private void write(String file, String content) {
        kubectl.write(file, content);
    }
}
