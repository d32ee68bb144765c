package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Accounts, tokens and rights of a whole cluster, as kubectl and a program in a pod see them. */
class AccountsIT {
    private static final String MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    @AutoClose
    private static Cluster cluster;

    @BeforeAll
    static void up() {
        cluster = Cluster.withBusybox();
    }

    @Test
    void aPodFindsItsTokenWhereClientLibrariesLook() {
        cluster.kubectl("create", "serviceaccount", "reader").ok();
        cluster.kubectl("create", "rolebinding", "reader", "--clusterrole=view", "--serviceaccount=default:reader")
                .ok();
        pod("in-cluster", "serviceAccountName: reader");
        assertThat(inside("in-cluster", "cat " + MOUNT + "/namespace")).isEqualTo("default");
        assertThat(inside("in-cluster", "cat " + MOUNT + "/ca.crt"))
                .isEqualTo(Shell.run(Map.of(), "", List.of("cat", ca())).ok());
        String token = inside("in-cluster", "cat " + MOUNT + "/token");
        assertThat(as(token, "get", "pod", "in-cluster", "-o", "name").ok()).isEqualTo("pod/in-cluster\n");
        assertThat(as(token, "get", "secrets").failed())
                .contains("User \"system:serviceaccount:default:reader\" cannot list resource \"secrets\"");
        assertThat(as(token, "auth", "whoami", "-o", "jsonpath={.status.userInfo.extra}")
                        .ok())
                .contains("in-cluster");
        assertThat(inside("in-cluster", "echo $KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT"))
                .matches("10\\.[0-9.]+:443\n");
        cluster.kubectl("delete", "pod", "in-cluster", "--timeout=60s").ok();
        Shell.await(
                "the token ends with its pod",
                Duration.ofSeconds(30),
                () -> as(token, "get", "pods").code() != 0);
        assertThat(as(token, "get", "pods").failed()).contains("Unauthorized");
    }

    @Test
    void aPodThatWantsNoTokenGetsNone() {
        pod("without", "automountServiceAccountToken: false");
        assertThat(inside("without", "ls " + MOUNT + " 2>&1 || true")).contains("No such file");
        cluster.kubectl("delete", "pod", "without", "--timeout=60s").ok();
    }

    @Test
    void kubectlAsksAndGrants() {
        cluster.kubectl("create", "serviceaccount", "robot").ok();
        String token = cluster.kubectl("create", "token", "robot", "--duration=20m")
                .ok()
                .strip();
        assertThat(as(token, "auth", "can-i", "list", "pods").out()).isEqualTo("no\n");
        cluster.kubectl("create", "role", "lister", "--verb=list", "--resource=pods")
                .ok();
        cluster.kubectl("create", "rolebinding", "lister", "--role=lister", "--serviceaccount=default:robot")
                .ok();
        Shell.await("the right is there", Duration.ofSeconds(30), () -> as(token, "auth", "can-i", "list", "pods")
                .out()
                .equals("yes\n"));
        assertThat(as(token, "auth", "can-i", "--list").ok()).containsPattern("pods +\\[] +\\[] +\\[list]");
        assertThat(cluster.kubectl("auth", "can-i", "list", "pods", "--as=system:serviceaccount:default:robot")
                        .ok())
                .isEqualTo("yes\n");
        assertThat(cluster.kubectl("get", "nodes", "--as=alice", "--as-group=dev")
                        .failed())
                .contains("User \"alice\" cannot list resource \"nodes\" in API group \"\" at the cluster scope");
    }

    @Test
    void controllersAndAgentAreNoAdministrators() {
        String node = cluster.jsonPath("{.items[0].metadata.name}", "nodes");
        cluster.kubectl("create", "secret", "generic", "private", "--from-literal=a=b")
                .ok();
        assertThat(Api.as(cluster, "node")
                        .get("/api/v1/namespaces/default/secrets/private")
                        .asString())
                .contains("no relationship found between node '" + node + "' and this object");
        assertThat(Api.as(cluster, "node").get("/api/v1/secrets").statusCode()).isEqualTo(403);
        assertThat(Api.as(cluster, "node").delete("/api/v1/nodes/" + node).statusCode())
                .isEqualTo(403);
        assertThat(cluster.kubectl(
                                "auth", "can-i", "create", "clusterrolebindings", "--as=system:kube-controller-manager")
                        .out())
                .isEqualTo("no\n");
    }

    private static void pod(String name, String more) {
        cluster.kubectlWith("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: %s}
                        spec:
                          terminationGracePeriodSeconds: 1
                          %s
                          containers:
                          - name: c
                            image: keelson.dev/test/busybox:1
                            command: ["sleep", "1000"]
                        """.formatted(name, more), "apply", "-f", "-").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/" + name, "--timeout=60s")
                .ok();
    }

    private static String inside(String pod, String script) {
        return cluster.kubectl("exec", pod, "--", "sh", "-c", script).ok();
    }

    /** kubectl with a token and nothing else of the administrator's. */
    private static Shell.Result as(String token, String... words) {
        List<String> command = new ArrayList<>(List.of(
                "kubectl",
                "--kubeconfig=/dev/null",
                "--server=https://127.0.0.1:" + cluster.port(),
                "--certificate-authority=" + ca(),
                "--token=" + token));
        command.addAll(List.of(words));
        return Shell.run(Map.of(), "", command);
    }

    private static String ca() {
        Path file = cluster.directory().resolve("pki").resolve("ca.crt");
        return file.toString();
    }
}
