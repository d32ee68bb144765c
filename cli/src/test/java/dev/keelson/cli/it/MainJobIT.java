package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The main job on a real cluster with the stock kubectl: apply, serve, roll forward and back, delete. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MainJobIT {
    private static final String WEB =
            Shell.repository().resolve("k8s-manifests/examples/web.yaml").toString();

    @AutoClose
    private static Cluster cluster;

    @BeforeAll
    static void up() {
        cluster = Cluster.up(WEB);
    }

    @Test
    @Order(1)
    void kubeconfigIsForItsOwnerOnly() throws Exception {
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(cluster.directory().resolve("kubeconfig"))))
                .isEqualTo("rw-------");
    }

    @Test
    @Order(2)
    void exampleServesThroughItsService() {
        cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s").ok();
        try (LoadGenerator load = new LoadGenerator(clusterIp(), 80)) {
            Shell.await("answers from the service", Duration.ofSeconds(20), () -> load.requests() > 200);
            assertThat(load.failures()).isEmpty();
            assertThat(load.answers().keySet())
                    .allSatisfy(body -> assertThat(body).contains("1"));
        }
    }

    @Test
    @Order(3)
    void serviceNameResolvesInAPod() {
        String pod = pods().getFirst();
        String resolv = cluster.kubectl("get", "pod", pod, "-o", "name").ok();
        assertThat(resolv.strip()).isEqualTo("pod/" + pod);
    }

    @Test
    @Order(4)
    void rollingUpdateFailsNoRequest() {
        try (LoadGenerator load = new LoadGenerator(clusterIp(), 80)) {
            cluster.kubectl("set", "image", "deployment/web", "web=keelson.dev/examples/web:2")
                    .ok();
            cluster.kubectl("rollout", "status", "deployment/web", "--timeout=120s")
                    .ok();
            long after = load.requests() + 300;
            Shell.await("old pods are gone", Duration.ofSeconds(60), () -> pods().size() == 3);
            Shell.await("requests after the update", Duration.ofSeconds(20), () -> load.requests() > after);
            assertThat(load.failures()).isEmpty();
            assertThat(load.answers()).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    @Order(5)
    void aVersionThatNeverGetsReadyLeavesTheOldOneServing() {
        try (LoadGenerator load = new LoadGenerator(clusterIp(), 80)) {
            cluster.kubectl("set", "env", "deployment/web", "FAIL_READY=1").ok();
            cluster.kubectl("rollout", "status", "deployment/web", "--timeout=8s")
                    .failed();
            assertThat(cluster.jsonPath("{.status.availableReplicas}", "deployment", "web"))
                    .isEqualTo("3");
            cluster.kubectl("rollout", "undo", "deployment/web").ok();
            cluster.kubectl("rollout", "status", "deployment/web", "--timeout=60s")
                    .ok();
            assertThat(load.failures()).isEmpty();
        }
        assertThat(cluster.kubectl("rollout", "history", "deployment/web").ok()).contains("REVISION");
    }

    @Test
    @Order(6)
    void deleteLeavesNothing() {
        cluster.kubectl("delete", "-f", WEB, "--timeout=60s").ok();
        Shell.await("pods are gone", Duration.ofSeconds(60), () -> pods().isEmpty());
        Shell.await("sandboxes are gone", Duration.ofSeconds(20), () -> cluster.leftovers().stream()
                .noneMatch(left -> left.startsWith("mount")));
    }

    private static String clusterIp() {
        return cluster.jsonPath("{.spec.clusterIP}", "service", "web");
    }

    private static List<String> pods() {
        return cluster.jsonPath("{range .items[*]}{.metadata.name}{\"\\n\"}{end}", "pods", "-l", "app=web")
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
