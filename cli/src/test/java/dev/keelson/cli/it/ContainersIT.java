package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a pod's spec says about its containers, checked from inside and outside on the real kernel. */
class ContainersIT {
    @AutoClose
    private static Cluster cluster;

    @BeforeAll
    static void up() {
        cluster = Cluster.withBusybox();
    }

    @Test
    void whatTheAgentSaysIsInItsLog() {
        assertThat(cluster.keelson("logs", "agent").ok())
                .containsPattern("INFO +\\[dev.keelson.node.registration.NodeRegistration\\].* ready=true");
    }

    @Test
    void environmentArgumentsVolumesAndWorkingDirectory() {
        apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: settings}
                data: {greeting: hello, colour: blue}
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: hidden}
                stringData: {password: s3cret}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: configured, labels: {app: configured}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: c
                    image: keelson.dev/test/busybox:1
                    command: ["sh", "-c"]
                    args: ["echo $0 $(COLOUR); sleep 1000", "first"]
                    workingDir: /srv/app
                    env:
                    - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: colour}}}
                    - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    volumeMounts:
                    - {name: settings, mountPath: /settings}
                    - {name: hidden, mountPath: /hidden, readOnly: true}
                    - {name: scratch, mountPath: /scratch}
                  volumes:
                  - {name: settings, configMap: {name: settings}}
                  - {name: hidden, secret: {secretName: hidden}}
                  - {name: scratch, emptyDir: {}}
                """);
        ready("configured");
        assertThat(cluster.kubectl("logs", "configured").ok()).isEqualTo("first blue\n");
        assertThat(inside("configured", "cat /settings/greeting; echo; cat /hidden/password; echo; echo $POD; pwd"))
                .isEqualTo("hello\ns3cret\nconfigured\n/srv/app\n");
        assertThat(inside("configured", "echo x > /scratch/f && cat /scratch/f; id -u; hostname"))
                .isEqualTo("x\n0\nconfigured\n");
        cluster.kubectl("patch", "configmap", "settings", "-p", "{\"data\":{\"greeting\":\"changed\"}}")
                .ok();
        Shell.await("the mounted ConfigMap follows", Duration.ofSeconds(90), () -> inside(
                        "configured", "cat /settings/greeting")
                .equals("changed"));
        gone("configured");
    }

    @Test
    void limitsHold() {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: greedy}
                spec:
                  restartPolicy: Never
                  containers:
                  - name: c
                    image: keelson.dev/test/busybox:1
                    command: ["sh", "-c", "x=a; while :; do x=$x$x; done"]
                    resources: {limits: {memory: 32Mi, cpu: 500m}}
                """);
        Shell.await("greedy is killed", Duration.ofSeconds(60), () -> !cluster.jsonPath(
                        "{.status.containerStatuses[0].state.terminated.reason}", "pod", "greedy")
                .isEmpty());
        String state =
                "{.status.containerStatuses[0].state.terminated.reason} {.status.containerStatuses[0].state.terminated.exitCode}";
        assertThat(cluster.jsonPath(state, "pod", "greedy")).isEqualTo("OOMKilled 137");
        gone("greedy");
    }

    @Test
    void useIsShown() {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: busy, labels: {app: busy}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: burner
                    image: keelson.dev/test/busybox:1
                    command: ["sh", "-c", "while :; do :; done"]
                    resources: {limits: {cpu: 200m, memory: 64Mi}}
                  - name: idler
                    image: keelson.dev/test/busybox:1
                    command: ["sleep", "1000"]
                """);
        ready("busy");
        String node = cluster.jsonPath("{.spec.nodeName}", "pod", "busy");
        assertThat(cluster.kubectl("top", "nodes", "--no-headers").ok())
                .containsPattern(node + " +\\d+m +\\d+% +\\d+Mi +\\d+%");
        assertThat(cluster.kubectl("top", "pods", "-A", "--containers", "--sort-by=cpu", "--no-headers")
                        .ok())
                .containsPattern("(?s)default +busy +burner +(1[5-9]\\d|2[0-4]\\d)m +\\d+Mi.*default +busy +idler +0m");
        assertThat(cluster.kubectl("top", "pods", "-l", "app=busy", "--no-headers")
                        .ok())
                .startsWith("busy ");
        assertThat(cluster.kubectl("top", "pods", "-l", "app=other").err()).contains("No resources found");
        assertThat(cluster.kubectl("top", "pod", "nobody").failed()).contains("NotFound");
        assertThat(cluster.kubectl("get", "nodes.metrics.k8s.io").ok()).contains("CPU", "WINDOW", node);
        String proxy = "/api/v1/nodes/" + node + "/proxy";
        assertThat(cluster.kubectl("get", "--raw", proxy + "/stats/summary").ok())
                .contains("\"nodeName\":\"" + node + "\"", "\"name\":\"burner\"", "\"rxBytes\"");
        assertThat(cluster.kubectl("get", "--raw", proxy + "/metrics/cadvisor").ok())
                .contains("container_cpu_cfs_throttled_periods_total{container=\"burner\"");
        scrapedWithAToken(node);
        gone("busy");
    }

    /** As Prometheus does it: with the token of an account that may get nodes/metrics and nothing else. */
    private static void scrapedWithAToken(String node) {
        cluster.kubectl("create", "serviceaccount", "scraper").ok();
        cluster.kubectl("create", "clusterrole", "scraper", "--verb=get", "--resource=nodes/metrics")
                .ok();
        cluster.kubectl(
                        "create",
                        "clusterrolebinding",
                        "scraper",
                        "--clusterrole=scraper",
                        "--serviceaccount=default:scraper")
                .ok();
        String token = cluster.kubectl("create", "token", "scraper").ok().strip();
        String address = cluster.jsonPath(
                "{.status.addresses[0].address}:{.status.daemonEndpoints.kubeletEndpoint.Port}", "node", node);
        assertThat(scrape(address + "/metrics/resource", token)).contains("container_memory_working_set_bytes");
        assertThat(scrape(address + "/stats/summary", token))
                .contains(
                        "Forbidden (user=system:serviceaccount:default:scraper, verb=get, resource=nodes, subresource=stats)");
        assertThat(scrape(address + "/metrics/resource", "wrong")).contains("Unauthorized");
    }

    private static String scrape(String where, String token) {
        return Shell.run(
                        Map.of(),
                        "",
                        List.of("curl", "-sk", "-H", "Authorization: Bearer " + token, "https://" + where))
                .ok();
    }

    @Test
    void containersAreIsolatedFromTheHost() {
        apply(sleeper("isolated", ""));
        ready("isolated");
        assertThat(inside("isolated", "ps | grep -c . ; cat /proc/1/comm")).endsWith("sleep\n");
        assertThat(inside("isolated", "cat /proc/self/uid_map")).doesNotContain("4294967295");
        assertThat(cluster.kubectl("exec", "isolated", "--", "mount", "-t", "tmpfs", "t", "/proc/sys")
                        .failed())
                .isNotBlank();
        gone("isolated");
    }

    @Test
    void livenessProbeRestartsAndReadinessProbeWithdraws() {
        apply(sleeper("probed", """
                    livenessProbe: {exec: {command: ["test", "!", "-e", "/tmp/dead"]}, periodSeconds: 1, failureThreshold: 2}
                    readinessProbe: {exec: {command: ["test", "!", "-e", "/tmp/busy"]}, periodSeconds: 1, failureThreshold: 1}
                """));
        ready("probed");
        inside("probed", "touch /tmp/busy");
        cluster.kubectl("wait", "--for=condition=Ready=false", "pod/probed", "--timeout=30s")
                .ok();
        inside("probed", "rm /tmp/busy");
        ready("probed");
        inside("probed", "touch /tmp/dead");
        Shell.await("restarted by the liveness probe", Duration.ofSeconds(60), () -> cluster.jsonPath(
                        "{.status.containerStatuses[0].restartCount}", "pod", "probed")
                .equals("1"));
        assertThat(cluster.kubectl("describe", "pod", "probed").ok()).contains("Liveness probe failed");
        gone("probed");
    }

    @Test
    void servicesAreReachedByName() {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: server, labels: {app: server}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - {name: c, image: "keelson.dev/examples/web:1", ports: [{containerPort: 8080, name: http}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: server}
                spec: {selector: {app: server}, ports: [{port: 80, targetPort: http}]}
                """);
        apply(sleeper("client", ""));
        ready("server");
        ready("client");
        for (String name : new String[] {"server", "server.default", "server.default.svc.cluster.local"}) {
            Shell.await(
                    name + " answers",
                    Duration.ofSeconds(20),
                    () -> cluster.kubectl(
                                            "exec",
                                            "client",
                                            "--",
                                            "wget",
                                            "-q",
                                            "-O",
                                            "-",
                                            "http://" + name + "/healthz")
                                    .code()
                            == 0);
        }
        // A pod reaches itself through its own service.
        assertThat(cluster.kubectl("exec", "client", "--", "nslookup", "nosuch.default.svc.cluster.local")
                        .code())
                .isNotZero();
        gone("server");
        gone("client");
    }

    @Test
    void gracefulTerminationLetsTheContainerFinish() {
        apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: graceful}
                spec:
                  terminationGracePeriodSeconds: 20
                  containers:
                  - name: c
                    image: keelson.dev/test/busybox:1
                    command: ["sh", "-c", "trap 'echo bye; sleep 1; exit 0' TERM; echo up; while true; do sleep 0.1; done"]
                """);
        ready("graceful");
        Process follow = follow("graceful");
        gone("graceful");
        assertThat(read(follow)).isEqualTo("up\nbye\n");
    }

    private static Process follow(String pod) {
        try {
            ProcessBuilder builder = new ProcessBuilder("kubectl", "logs", "-f", pod);
            builder.environment()
                    .putAll(Map.of(
                            "KUBECONFIG",
                            cluster.directory().resolve("kubeconfig").toString()));
            Process process = builder.start();
            // The first line shows that the stream is open before the pod goes.
            byte[] first = process.getInputStream().readNBytes(3);
            assertThat(new String(first, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("up\n");
            return process;
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String read(Process process) {
        try {
            return "up\n"
                    + new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String sleeper(String name, String more) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: c
                    image: keelson.dev/test/busybox:1
                    command: ["sleep", "1000"]
                %s
                """.formatted(name, more);
    }

    private static void apply(String yaml) {
        cluster.kubectlWith(yaml, "apply", "-f", "-").ok();
    }

    private static void ready(String pod) {
        cluster.kubectl("wait", "--for=condition=Ready", "pod/" + pod, "--timeout=60s")
                .ok();
    }

    private static void gone(String pod) {
        cluster.kubectl("delete", "pod", pod, "--timeout=60s").ok();
    }

    private static String inside(String pod, String script) {
        return cluster.kubectl("exec", pod, "--", "sh", "-c", script).ok();
    }
}
