package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code @kubernetes/client-node}, installed from npm into a directory of the test. */
final class NodeClient {
    private static final String PACKAGE = "@kubernetes/client-node@1.3.0";

    private final Cluster cluster;
    private final Path directory;

    NodeClient(Cluster cluster, Path directory) {
        this.cluster = cluster;
        this.directory = directory;
    }

    void doesEverything(String pod) throws IOException {
        Shell.run(
                        Map.of(),
                        "",
                        List.of("npm", "install", "--no-audit", "--no-fund", "--prefix", directory.toString(), PACKAGE))
                .ok();
        Path script = directory.resolve("client-node.mjs");
        Files.copy(Shell.repository().resolve("cli/src/test/resources/clients/client-node.mjs"), script);
        String said = Shell.run(
                        Map.of(
                                "KUBECONFIG",
                                cluster.directory().resolve("kubeconfig").toString()),
                        "",
                        List.of("node", script.toString(), pod))
                .ok();
        assertThat(said.lines())
                .containsExactly("ok list", "ok create", "ok watch", "ok apply", "ok exec", "ok delete");
    }
}
