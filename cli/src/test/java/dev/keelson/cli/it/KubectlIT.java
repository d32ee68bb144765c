package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The stock kubectl through its everyday commands. */
class KubectlIT {
    @AutoClose
    private static Cluster cluster;

    @BeforeAll
    static void up() {
        cluster = Cluster.withBusybox();
        cluster.runShell();
    }

    @Test
    void getPrintsEveryForm() {
        assertThat(cluster.kubectl("get", "pods").ok())
                .contains("NAME", "READY", "STATUS", "RESTARTS", "AGE", "1/1", "Running");
        assertThat(cluster.kubectl("get", "pods", "-o", "wide").ok()).contains("NODE", "IP", "node-" + cluster.name());
        assertThat(cluster.kubectl("get", "pod", "shell", "-o", "yaml").ok()).contains("kind: Pod", "phase: Running");
        assertThat(cluster.kubectl("get", "pod", "shell", "-o", "json").ok()).contains("\"kind\": \"Pod\"");
        assertThat(cluster.jsonPath("{.spec.nodeName}", "pod", "shell")).isEqualTo("node-" + cluster.name());
        assertThat(cluster.kubectl("get", "pods", "-o", "custom-columns=N:.metadata.name,P:.status.phase")
                        .ok())
                .contains("shell", "Running");
        assertThat(cluster.kubectl("get", "all", "-A").ok()).contains("pod/shell", "service/kubernetes");
        assertThat(cluster.kubectl("get", "pods", "-l", "app in (shell,other)").ok())
                .contains("shell");
        assertThat(cluster.kubectl("get", "pods", "-l", "app!=shell").out()).doesNotContain("Running");
        assertThat(cluster.kubectl("get", "nodes").ok()).contains("Ready", "v1.3");
    }

    @Test
    void describeShowsEvents() {
        assertThat(cluster.kubectl("describe", "pod", "shell").ok()).contains("Events:", "Scheduled", "Started");
        assertThat(cluster.kubectl("describe", "node").ok()).contains("Capacity:", "Allocatable:");
        assertThat(cluster.kubectl("get", "events").ok()).contains("Scheduled");
    }

    @Test
    void createCommandsSendProtobuf() {
        cluster.kubectl("create", "namespace", "made").ok();
        cluster.kubectl("-n", "made", "create", "configmap", "settings", "--from-literal=a=b")
                .ok();
        assertThat(cluster.jsonPath("{.data.a}", "-n", "made", "configmap", "settings"))
                .isEqualTo("b");
        cluster.kubectl("-n", "made", "create", "deployment", "web", "--image=keelson.dev/examples/web:1")
                .ok();
        cluster.kubectl("-n", "made", "rollout", "status", "deployment/web", "--timeout=60s")
                .ok();
        cluster.kubectl("-n", "made", "scale", "deployment/web", "--replicas=2").ok();
        cluster.kubectl(
                        "-n",
                        "made",
                        "wait",
                        "--for=jsonpath={.status.readyReplicas}=2",
                        "deployment/web",
                        "--timeout=60s")
                .ok();
        cluster.kubectl("-n", "made", "rollout", "restart", "deployment/web").ok();
        cluster.kubectl("-n", "made", "rollout", "status", "deployment/web", "--timeout=60s")
                .ok();
        cluster.kubectl("delete", "namespace", "made", "--timeout=60s").ok();
        assertThat(cluster.kubectl("get", "namespace", "made").failed()).contains("NotFound");
    }

    @Test
    void evictionsTakeWhatTheBudgetCountsAndNoMore() {
        cluster.kubectl("create", "deployment", "kept", "--image=keelson.dev/examples/web:1", "--replicas=2")
                .ok();
        cluster.kubectl("create", "pdb", "kept", "--selector=app=kept", "--min-available=2")
                .ok();
        cluster.kubectl("wait", "--for=jsonpath={.status.currentHealthy}=2", "pdb/kept", "--timeout=60s")
                .ok();
        String pod = cluster.jsonPath("{.items[0].metadata.name}", "pods", "-l", "app=kept");
        assertThat(evict(pod).failed()).contains("it would violate the pod's disruption budget");

        cluster.kubectl("scale", "deployment/kept", "--replicas=3").ok();
        cluster.kubectl("wait", "--for=jsonpath={.status.disruptionsAllowed}=1", "pdb/kept", "--timeout=60s")
                .ok();
        evict(pod).ok();
        cluster.kubectl("wait", "--for=delete", "pod/" + pod, "--timeout=60s").ok();
        cluster.kubectl("delete", "pdb/kept", "deployment/kept").ok();
    }

    private static Shell.Result evict(String pod) {
        return cluster.kubectlWith(
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"%s\"}}".formatted(pod),
                "create",
                "--raw",
                "/api/v1/namespaces/default/pods/" + pod + "/eviction",
                "-f",
                "-");
    }

    @Test
    void logsFollowAndPrevious() {
        assertThat(cluster.kubectl("logs", "shell").ok()).startsWith("started");
        cluster.kubectlWith("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: crasher}
                        spec:
                          containers:
                          - name: c
                            image: keelson.dev/test/busybox:1
                            command: ["sh", "-c", "echo run; exit 3"]
                        """, "apply", "-f", "-").ok();
        Shell.await("crasher has restarted", Duration.ofSeconds(60), () -> !List.of("", "0")
                .contains(cluster.jsonPath("{.status.containerStatuses[0].restartCount}", "pod", "crasher")));
        assertThat(cluster.kubectl("logs", "--previous", "crasher").ok()).isEqualTo("run\n");
        Shell.await("back-off shows", Duration.ofSeconds(60), () -> cluster.kubectl("get", "pod", "crasher")
                .out()
                .contains("CrashLoopBackOff"));
        cluster.kubectl("delete", "pod", "crasher", "--timeout=60s").ok();
    }

    @Test
    void followedLogEndsWithTheContainer() {
        cluster.kubectl(
                        "run",
                        "talker",
                        "--image=keelson.dev/test/busybox:1",
                        "--restart=Never",
                        "--",
                        "sh",
                        "-c",
                        "for i in 1 2 3 4 5; do echo line $i; sleep 0.2; done")
                .ok();
        Shell.await("talker runs", Duration.ofSeconds(30), () -> !cluster.jsonPath("{.status.phase}", "pod", "talker")
                .equals("Pending"));
        assertThat(cluster.kubectl("logs", "-f", "talker").ok().lines().toList())
                .hasSize(5);
        cluster.kubectl("delete", "pod", "talker", "--timeout=60s").ok();
    }

    @Test
    void execPassesStreamsAndExitCode() {
        assertThat(cluster.kubectl("exec", "shell", "--", "echo", "hi").ok()).isEqualTo("hi\n");
        assertThat(cluster.kubectlWith("some input", "exec", "-i", "shell", "--", "cat")
                        .ok())
                .isEqualTo("some input");
        Shell.Result failed = cluster.kubectl("exec", "shell", "--", "sh", "-c", "echo oops >&2; exit 42");
        assertThat(failed.code()).isEqualTo(42);
        assertThat(failed.err()).contains("oops");
        assertThat(cluster.kubectl("exec", "shell", "--", "/nope").failed()).contains("/nope");
        assertThat(cluster.keelson("exec", "shell", "--", "echo", "hi").ok()).isEqualTo("hi\n");
        assertThat(cluster.keelson("exec", "shell", "--", "sh", "-c", "exit 5").code())
                .isEqualTo(5);
    }

    @Test
    void execWithTerminalSeesATerminal() {
        String script = "kubectl exec -it shell -- sh -c 'tty_in=no; test -t 0 && tty_in=yes; echo tty=$tty_in'";
        Shell.Result result = Shell.run(
                Map.of("KUBECONFIG", cluster.directory().resolve("kubeconfig").toString()),
                "",
                List.of("script", "-qec", script, "/dev/null"));
        assertThat(result.ok()).contains("tty=yes");
    }

    @Test
    void portForwardReachesThePod() throws IOException {
        int port = Cluster.freePort();
        ProcessBuilder builder = new ProcessBuilder("kubectl", "port-forward", "pod/shell", port + ":9000");
        builder.environment()
                .put("KUBECONFIG", cluster.directory().resolve("kubeconfig").toString());
        Process forward = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String[] said = {""};
            Shell.await("an answer through the forwarded port", Duration.ofSeconds(20), () -> {
                said[0] = read(port);
                return !said[0].isEmpty();
            });
            assertThat(said[0]).isEqualTo("hello\n");
        } finally {
            forward.destroyForcibly();
        }
    }

    @Test
    void discoveryAndExplain() {
        assertThat(cluster.kubectl("api-resources").ok())
                .contains("deployments", "deploy", "apps/v1", "endpointslices");
        assertThat(cluster.kubectl("explain", "deployment.spec.strategy").ok()).contains("rollingUpdate");
        assertThat(cluster.kubectl("explain", "pod.spec.containers.livenessProbe")
                        .ok())
                .contains("httpGet");
        assertThat(cluster.kubectl("version").ok()).contains("Server Version");
    }

    @Test
    void labelAnnotatePatchEditAndDiff() {
        cluster.kubectl("create", "configmap", "changing", "--from-literal=a=1").ok();
        cluster.kubectl("label", "configmap", "changing", "team=blue").ok();
        cluster.kubectl("annotate", "configmap", "changing", "why=test").ok();
        cluster.kubectl("patch", "configmap", "changing", "-p", "{\"data\":{\"b\":\"2\"}}")
                .ok();
        cluster.kubectl(
                        "patch",
                        "configmap",
                        "changing",
                        "--type=json",
                        "-p",
                        "[{\"op\":\"remove\",\"path\":\"/data/a\"}]")
                .ok();
        assertThat(cluster.jsonPath("{.data}", "configmap", "changing")).isEqualTo("{\"b\":\"2\"}");
        assertThat(cluster.kubectl("get", "configmap", "-l", "team=blue", "-o", "name")
                        .ok())
                .isEqualTo("configmap/changing\n");
        cluster.kubectl("delete", "configmap", "changing").ok();
    }

    @Test
    void applyTwiceIsUnchangedAndWithoutAFieldRemovesIt() {
        String with = "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: {a: '1', b: '2'}}";
        String without = "---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: applied}, data: {a: '1'}}";
        assertThat(cluster.kubectlWith(with, "apply", "-f", "-").ok()).contains("created");
        assertThat(cluster.kubectlWith(with, "apply", "-f", "-").ok()).contains("unchanged");
        assertThat(cluster.kubectlWith(without, "apply", "-f", "-").ok()).contains("configured");
        assertThat(cluster.jsonPath("{.data}", "configmap", "applied")).isEqualTo("{\"a\":\"1\"}");
        assertThat(cluster.kubectlWith(with, "diff", "-f", "-").out()).contains("+  b: \"2\"");
        cluster.kubectl("delete", "configmap", "applied").ok();
    }

    /** The first line of who listens there; empty while nobody does. */
    static String read(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
            socket.setSoTimeout(2000);
            byte[] bytes = socket.getInputStream().readNBytes(6);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException notYet) {
            return "";
        }
    }
}
