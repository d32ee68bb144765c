package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods whose image comes from a real registry (Debian's docker-registry) on loopback. */
class RegistryIT {
    @TempDir
    static Path directory;

    private static Process registry;
    private static int port;
    private static Cluster cluster;

    @BeforeAll
    static void up() throws IOException {
        port = Cluster.freePort();
        Path config = Files.writeString(directory.resolve("config.yml"), """
                version: 0.1
                log: {level: error}
                storage: {filesystem: {rootdirectory: %s/registry}}
                http: {addr: 127.0.0.1:%d}
                """.formatted(directory, port));
        registry = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("registry.log").toFile())
                .start();
        cluster = Cluster.up();
        Path archive = directory.resolve("web.tar");
        cluster.keelson("image", "save", "keelson.dev/examples/web:1", archive.toString())
                .ok();
        push("oci-archive:" + archive, "web:1");
        push("docker-archive:" + BusyboxImage.archive(), "busybox:1");
    }

    private static void push(String source, String name) {
        Shell.await(
                "the registry takes " + name,
                Duration.ofSeconds(30),
                () -> Shell.run(
                                        Map.of(),
                                        "",
                                        List.of(
                                                "skopeo",
                                                "copy",
                                                "--quiet",
                                                "--insecure-policy",
                                                "--dest-tls-verify=false",
                                                source,
                                                "docker://127.0.0.1:" + port + "/" + name))
                                .code()
                        == 0);
    }

    @AfterAll
    static void down() {
        if (registry != null) {
            registry.destroyForcibly();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void podRunsAnImageOfTheRegistry() {
        cluster.kubectl("run", "pulled", "--image=127.0.0.1:" + port + "/web:1").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/pulled", "--timeout=60s")
                .ok();
        assertThat(cluster.kubectl("describe", "pod", "pulled").ok()).contains("Successfully pulled image");
        cluster.kubectl("delete", "pod", "pulled", "--timeout=60s").ok();
    }

    @Test
    void commandPullsListsTagsAndRemoves() {
        String name = "127.0.0.1:" + port + "/busybox:1";
        assertThat(cluster.keelson("image", "pull", name).ok()).startsWith("sha256:");
        cluster.keelson("image", "tag", name, "keelson.dev/mine:1").ok();
        assertThat(cluster.keelson("image", "ls").ok()).contains(name, "keelson.dev/mine:1");
        cluster.keelson("image", "rm", name).ok();
        assertThat(cluster.keelson("image", "ls").ok()).doesNotContain(name).contains("keelson.dev/mine:1");
    }

    @Test
    void anImageThatTheRegistryDoesNotHaveIsNamed() {
        assertThat(cluster.keelson("image", "pull", "127.0.0.1:" + port + "/web:9")
                        .failed())
                .contains("web:9");
    }
}
