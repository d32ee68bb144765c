package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** kubectl 1.20, which Debian has: it speaks SPDY for streams and reads the OpenAPI document as protobuf. */
final class OldKubectl {
    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: aged}
            spec:
              selector: {matchLabels: {app: aged}}
              template:
                metadata: {labels: {app: aged}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - {name: web, image: "keelson.dev/examples/web:1"}
            """;

    private final Cluster cluster;
    private final String program;

    OldKubectl(Cluster cluster, Path directory) {
        this.cluster = cluster;
        this.program = DebianPackage.program("kubernetes-client", "usr/bin/kubectl", directory)
                .toString();
    }

    void appliesRollsAndDeletes() {
        assertThat(kubectl("", "version", "--short").ok()).contains("Client Version: v1.20");
        assertThat(kubectl(WEB, "apply", "-f", "-").ok()).contains("created");
        assertThat(kubectl(WEB, "apply", "-f", "-").ok()).contains("unchanged");
        kubectl("", "rollout", "status", "deployment/aged", "--timeout=60s").ok();
        kubectl("", "set", "image", "deployment/aged", "web=keelson.dev/examples/web:2")
                .ok();
        kubectl("", "rollout", "status", "deployment/aged", "--timeout=60s").ok();
        assertThat(kubectl("", "rollout", "history", "deployment/aged").ok()).contains("2 ");
        kubectl("", "rollout", "undo", "deployment/aged").ok();
        kubectl("", "scale", "deployment/aged", "--replicas=2").ok();
        kubectl("", "autoscale", "deployment/aged", "--max=3", "--cpu-percent=50")
                .ok();
        assertThat(kubectl("", "get", "hpa", "aged").ok()).contains("Deployment/aged");
        assertThat(kubectl("", "get", "deployment,pods", "-o", "wide").ok()).contains("deployment.apps/aged");
        assertThat(kubectl("", "describe", "deployment", "aged").ok()).contains("ScalingReplicaSet");
        assertThat(kubectl("", "explain", "deployment.spec.strategy").ok()).contains("rollingUpdate");
        kubectl("", "delete", "deployment,hpa", "aged").ok();
    }

    void streams(String pod) throws IOException {
        assertThat(kubectl("some input", "exec", "-i", pod, "--", "cat").ok()).isEqualTo("some input");
        Shell.Result failed = kubectl("", "exec", pod, "--", "sh", "-c", "echo oops >&2; exit 42");
        assertThat(failed.code()).isEqualTo(42);
        assertThat(failed.err()).contains("oops");
        assertThat(kubectl("", "logs", pod).ok()).startsWith("started");
        forwardsAPort(pod, Cluster.freePort());
    }

    private void forwardsAPort(String pod, int port) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program, "port-forward", "pod/" + pod, port + ":9000");
        builder.environment().putAll(environment());
        Process forward = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Shell.await("an answer through the forwarded port", Duration.ofSeconds(20), () -> KubectlIT.read(port)
                    .equals("hello\n"));
        } finally {
            forward.destroyForcibly();
        }
    }

    private Shell.Result kubectl(String input, String... words) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(words));
        return Shell.run(environment(), input, command);
    }

    private Map<String, String> environment() {
        return Map.of("KUBECONFIG", cluster.directory().resolve("kubeconfig").toString());
    }
}
