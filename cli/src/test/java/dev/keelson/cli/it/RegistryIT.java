package dev.keelson.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods whose image comes from a real registry (Debian's docker-registry) on loopback. */
class RegistryIT {
    @TempDir
    static Path directory;

    private static Process registry;

    private static int port;

    @AutoClose
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

    @AfterAll
    static void down() {
        if (registry != null) {
            registry.destroyForcibly();
        }
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
        String repository = "127.0.0.1:" + port + "/busybox";
        String name = repository + ":1";
        assertThat(cluster.keelson("image", "pull", name).ok())
                .contains("1: Pulling from busybox", ": Pull complete", "Digest: sha256:", "Status: ", name);
        assertThat(cluster.keelson("image", "pull", name).ok()).contains("Image is up to date for " + name);
        assertThat(cluster.keelson("image", "pull", "-q", name).ok()).isEqualToIgnoringWhitespace(name);
        cluster.keelson("image", "tag", name, "keelson.dev/mine:1").ok();
        assertThat(cluster.keelson("image", "ls").ok())
                .containsPattern(repository + " +1 +[0-9a-f]{12}")
                .contains("keelson.dev/mine");
        cluster.keelson("image", "rm", name).ok();
        assertThat(cluster.keelson("image", "ls").ok())
                .doesNotContain(repository)
                .contains("keelson.dev/mine");
    }

    @Test
    void commandPushesInspectsAndShowsTheHistory() {
        String name = "127.0.0.1:" + port + "/team/web:7";
        cluster.keelson("image", "tag", "keelson.dev/examples/web:2", name).ok();
        assertThat(cluster.keelson("image", "push", name).ok())
                .contains("The push refers to repository [127.0.0.1:" + port + "/team/web]", "7: digest: sha256:");
        assertThat(Shell.run(Map.of(), "", List.of("skopeo", "inspect", "--tls-verify=false", "docker://" + name))
                        .ok())
                .contains("VERSION=2");
        assertThat(cluster.keelson("image", "inspect", name).ok())
                .contains("\"Id\" : \"sha256:", "\"Architecture\" : ", "VERSION=2", name);
        assertThat(cluster.keelson("image", "history", name).ok()).contains("CREATED BY", "SIZE");
        Path layout = directory.resolve("layout");
        cluster.keelson("image", "save", "--layout", name, layout.toString()).ok();
        cluster.keelson("image", "rm", name).ok();
        assertThat(cluster.keelson("image", "load", layout.toString()).ok()).contains("Loaded image: " + name);
        cluster.keelson("image", "rm", name).ok();
    }

    @Test
    void missingImageIsToldInTheKubeletsEventsAndItsNodeListsThePresentOnes() {
        cluster.kubectl("run", "absent", "--image=127.0.0.1:" + port + "/web:9").ok();
        Shell.await("the pod backs off", Duration.ofSeconds(60), () -> cluster.kubectl("get", "pod", "absent")
                .ok()
                .contains("ImagePullBackOff"));
        Shell.await("the events are written", Duration.ofSeconds(60), () -> cluster.kubectl("describe", "pod", "absent")
                .ok()
                .contains("Error: ImagePullBackOff"));
        assertThat(cluster.kubectl("describe", "pod", "absent").ok())
                .contains("Failed to pull image", "web:9", "404", "Error: ErrImagePull", "Back-off pulling image");
        cluster.kubectl("delete", "pod", "absent", "--timeout=60s").ok();
        Shell.await("the node lists its images", Duration.ofSeconds(60), () -> cluster.kubectl(
                        "get", "nodes", "-o", "jsonpath={.items[0].status.images[*].names}")
                .ok()
                .contains("keelson.dev/examples/web:1"));
    }

    @Test
    void anImageThatTheRegistryDoesNotHaveIsNamed() {
        assertThat(cluster.keelson("image", "pull", "127.0.0.1:" + port + "/web:9")
                        .failed())
                .contains("web:9");
    }
}
