package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Two clusters on one machine, and one cluster through down and up again. */
class SideBySideIT {
    private static final String WEB =
            Shell.repository().resolve("k8s-manifests/examples/web.yaml").toString();

    @Test
    void twoClustersDoNotTouchEachOther() {
        try (Cluster one = Cluster.up(WEB);
                Cluster two = Cluster.up(WEB)) {
            one.kubectl("delete", "deployment", "web", "--timeout=60s").ok();
            assertThat(two.jsonPath("{.status.readyReplicas}", "deployment", "web"))
                    .isEqualTo("3");
            one.keelson("down", "--pods").ok();
            String address = two.jsonPath("{.spec.clusterIP}", "service", "web");
            try (LoadGenerator load = new LoadGenerator(address, 80)) {
                Shell.await("answers", java.time.Duration.ofSeconds(20), () -> load.requests() > 50);
                assertThat(load.failures()).isEmpty();
            }
        }
    }

    @Test
    void secondUpFindsEverythingAsItWas() {
        try (Cluster cluster = Cluster.up(WEB)) {
            cluster.kubectl("create", "configmap", "kept", "--from-literal=a=b").ok();
            String before = containers(cluster);
            cluster.keelson("down").ok();
            assertThat(cluster.keelson("status").code()).isEqualTo(3);
            assertThat(cluster.keelson("get", "pods").failed()).contains("is it up?");
            cluster.upAgain().ok();
            assertThat(cluster.jsonPath("{.data.a}", "configmap", "kept")).isEqualTo("b");
            assertThat(containers(cluster)).isEqualTo(before);
        }
    }

    @Test
    void busyPortIsNamedWithTheRemedy() throws java.io.IOException {
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0)) {
            java.util.List<String> command = java.util.List.of(
                    Shell.repository().resolve("keelson").toString(),
                    "up",
                    "--data-dir",
                    "/tmp/it-busy-port",
                    "--https-port",
                    String.valueOf(taken.getLocalPort()));
            assertThat(Shell.run(java.util.Map.of(), "", command).failed()).contains("in use by", "--https-port");
        } finally {
            Shell.run(java.util.Map.of(), "", java.util.List.of("rm", "-rf", "/tmp/it-busy-port"));
        }
    }

    private static String containers(Cluster cluster) {
        return cluster.jsonPath("{range .items[*].status.containerStatuses[*]}{.containerID}{\"\\n\"}{end}", "pods");
    }
}
