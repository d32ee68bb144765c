package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kills each of Keelson's processes under running containers: none restarts, nothing that they said is lost. */
class CrashIT {
    private static final String WEB =
            Shell.repository().resolve("k8s-manifests/examples/web.yaml").toString();
    private static final String COUNTER = """
            apiVersion: v1
            kind: Pod
            metadata: {name: counter}
            spec:
              restartPolicy: Never
              terminationGracePeriodSeconds: 1
              containers:
              - name: counter
                image: keelson.dev/test/busybox:1
                command: ["/bin/sh", "-c", "i=0; while [ ! -e /stop ]; do i=$((i+1)); echo line $i; sleep 0.02; done; exit 7"]
            """;

    @AutoClose
    private static Cluster cluster;

    @BeforeAll
    static void up() {
        cluster = Cluster.withBusybox(WEB);
        cluster.run("counter", COUNTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"agent", "server", "postgres"})
    void killedRoleComesBackAndNoContainerNotices(String role) {
        List<String> before = containers();
        String address = cluster.jsonPath("{.spec.clusterIP}", "service", "web");
        try (LoadGenerator load = new LoadGenerator(address, 80)) {
            cluster.kill(role);
            cluster.awaitReady();
            Shell.await("requests during the outage", Duration.ofSeconds(20), () -> load.requests() > 500);
            assertThat(load.failures()).isEmpty();
        }
        assertThat(containers()).isEqualTo(before);
        cluster.kubectl("scale", "deployment/web", "--replicas=4").ok();
        cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s").ok();
        cluster.kubectl("scale", "deployment/web", "--replicas=3").ok();
        Shell.await("scaled down", Duration.ofSeconds(60), () -> containers().size() == before.size());
        assertLogIsWhole();
    }

    @Test
    void exitCodeAndLastWordsSurviveTheAgentsAbsence() {
        cluster.kubectlWith(
                        COUNTER.replace("name: counter}", "name: ending}").replace("[ ! -e /stop ]", "[ $i -lt 200 ]"),
                        "apply",
                        "-f",
                        "-")
                .ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/ending", "--timeout=30s")
                .ok();
        cluster.kill("agent");
        Shell.await("pod has failed with its exit code", Duration.ofSeconds(60), () -> cluster.jsonPath(
                        "{.status.containerStatuses[0].state.terminated.exitCode}", "pod", "ending")
                .equals("7"));
        assertThat(cluster.kubectl("logs", "ending").ok().lines().toList())
                .hasSize(200)
                .last()
                .isEqualTo("line 200");
    }

    /** What its libraries unpack goes with the next agent, and none of it is in a place that others see. */
    @Test
    void killedAgentLeavesNoFilesOfItsLibraries() throws IOException {
        Path temporary = cluster.directory().resolve("run/agent-tmp");
        Path left = Files.createFile(temporary.resolve("half-unpacked.so"));
        cluster.kill("agent");
        Shell.await("the next agent has unpacked its library", Duration.ofMinutes(1), () -> mapped().stream()
                .anyMatch(line -> line.contains(temporary + "/jffi")));
        cluster.awaitReady();
        assertThat(left).doesNotExist();
        assertThat(mapped()).noneMatch(line -> line.matches(".* /tmp/[^/]+\\.so.*"));
    }

    /** What the agent has in memory; nothing while there is none. */
    private static List<String> mapped() {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(cluster.pid("agent")), "maps"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** Every line that the counter wrote is there, once and in order. */
    private static void assertLogIsWhole() {
        List<String> lines = cluster.kubectl("logs", "counter").ok().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo("line " + (i + 1));
        }
    }

    /** Container ids with their restart counts. */
    private static List<String> containers() {
        return cluster.jsonPath(
                        "{range .items[*].status.containerStatuses[*]}{.containerID} {.restartCount}{\"\\n\"}{end}",
                        "pods")
                .lines()
                .sorted()
                .toList();
    }
}
