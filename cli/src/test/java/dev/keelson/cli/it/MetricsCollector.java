package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.RestAssured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * VictoriaMetrics as it is run in Kubernetes: it finds what to collect with Prometheus' {@code kubernetes_sd_configs}, as
 * a ServiceAccount with the rights that Prometheus' documentation gives it.
 */
final class MetricsCollector {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final Path directory;
    private final String program;
    private final int port = Cluster.freePort();

    MetricsCollector(Cluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
        this.program = DebianPackage.program("victoria-metrics", "usr/bin/victoria-metrics", directory)
                .toString();
    }

    void findsAndCollects() throws IOException {
        configure();
        Process process = new ProcessBuilder(
                        program,
                        "-httpListenAddr=127.0.0.1:" + port,
                        "-storageDataPath=" + directory.resolve("stored"),
                        "-promscrape.config=" + directory.resolve("scrape.yaml"),
                        "-promscrape.kubernetesSDCheckInterval=1s",
                        // Answers with what was collected just now; by itself it holds back the last half minute.
                        "-search.latencyOffset=0s")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("collector.log").toFile())
                .start();
        try {
            Shell.await("every role finds what it should", LIMIT, () -> found().containsAll(expected()));
            // Objects that come later come over the watches.
            cluster.kubectlWith(
                            "---\n{apiVersion: v1, kind: Service, metadata: {name: late}, spec: {ports: [{port: 7777}]}}",
                            "apply",
                            "-f",
                            "-")
                    .ok();
            Shell.await("the new service is found", LIMIT, () -> found().contains("services late.default.svc:7777"));
            cluster.kubectl("delete", "service", "late").ok();
            Shell.await("it is dropped", LIMIT, () -> !found().contains("services late.default.svc:7777"));
            for (String job : List.of("apiservers", "nodes", "containers")) {
                Shell.await(job + " are up", LIMIT, () -> query("up{job=\"" + job + "\"}")
                        .equals("1"));
            }
            assertThat(Integer.parseInt(query("count(apiserver_request_total)")))
                    .isPositive();
            assertThat(Integer.parseInt(query("count(container_cpu_usage_seconds_total{pod=\"shell\"})")))
                    .isPositive();
        } catch (AssertionError failed) {
            failed.addSuppressed(
                    new AssertionError(found() + "\n" + Files.readString(directory.resolve("collector.log"))));
            throw failed;
        } finally {
            process.destroyForcibly();
            cluster.kubectl("delete", "-f", rights().toString()).ok();
        }
    }

    /** {@code job address}, as the page of targets has them. */
    private Set<String> found() {
        Set<String> found = new HashSet<>();
        try {
            JsonNode targets =
                    Servers.JSON.readTree(RestAssured.get("http://127.0.0.1:" + port + "/api/v1/targets?state=active")
                            .asString());
            targets.at("/data/activeTargets")
                    .forEach(target -> found.add(target.at("/labels/job").asText() + " "
                            + target.at("/discoveredLabels/__address__").asText()));
        } catch (Exception notYet) {
            found.add(notYet.toString());
        }
        return found;
    }

    private Set<String> expected() {
        String node = cluster.jsonPath(
                "{.items[0].status.addresses[?(@.type==\"InternalIP\")].address}"
                        + ":{.items[0].status.daemonEndpoints.kubeletEndpoint.Port}",
                "nodes");
        String pod = cluster.jsonPath("{.status.podIP}", "pod", "shell");
        String server =
                cluster.jsonPath("{.subsets[0].addresses[0].ip}", "endpoints", "kubernetes") + ":" + cluster.port();
        return Set.of(
                "apiservers " + server,
                "slices " + server,
                "nodes " + node,
                "containers " + node,
                "pods " + pod,
                "services kubernetes.default.svc:443");
    }

    private String query(String query) {
        return RestAssured.given()
                .queryParam("query", query)
                .get("http://127.0.0.1:" + port + "/api/v1/query")
                .jsonPath()
                .getList("data.result.value", List.class)
                .stream()
                .map(value -> String.valueOf(value.get(1)))
                .findFirst()
                .orElse("0");
    }

    private static Path rights() {
        return Shell.repository().resolve("cli/src/test/resources/clients/collector/rights.yaml");
    }

    private void configure() throws IOException {
        cluster.kubectl("apply", "-f", rights().toString()).ok();
        Files.writeString(
                directory.resolve("token"),
                cluster.kubectl("create", "token", "collector").ok().strip());
        String config =
                Files.readString(Shell.repository().resolve("cli/src/test/resources/clients/collector/scrape.yaml"));
        Files.writeString(
                directory.resolve("scrape.yaml"),
                config.replace("SERVER", "https://127.0.0.1:" + cluster.port())
                        .replace("HOST", "127.0.0.1:" + cluster.port())
                        .replace(
                                "AUTHORITY",
                                cluster.directory().resolve("pki/ca.crt").toString())
                        .replace("TOKEN", directory.resolve("token").toString()));
    }
}
