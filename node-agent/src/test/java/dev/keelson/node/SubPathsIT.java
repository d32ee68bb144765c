package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.VolumePods.configMapVolume;
import static dev.keelson.node.VolumePods.empty;
import static dev.keelson.node.VolumePods.mounted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of volumes in containers, on the real kernel. Needs root. */
class SubPathsIT {
    @TempDir
    static Path directory;

    @AutoClose
    private static NodeFixture node;

    private static VolumePods pods;

    @BeforeAll
    static void start() throws Exception {
        node = new NodeFixture(directory, "it-subpaths", 30);
        pods = new VolumePods(node);
    }

    @Test
    void subPathsAreMadeAndStayInTheVolume() {
        pods.configMap("conf", Map.of("app.conf", "listen 80"));
        node.create(pods.pod(
                        "subpaths",
                        shell(
                                        "main",
                                        "cat /etc/app.conf; echo; echo mine > /logs/x; cat /all/pods/subpaths/x; cat /inner/y;"
                                                + " stat -c %a /logs")
                                .withEnv(new EnvVarBuilder()
                                        .withName("NAME")
                                        .withValue("subpaths")
                                        .build())
                                .addToVolumeMounts(
                                        new VolumeMountBuilder()
                                                .withName("conf")
                                                .withMountPath("/etc/app.conf")
                                                .withSubPath("app.conf")
                                                .build(),
                                        new VolumeMountBuilder()
                                                .withName("data")
                                                .withMountPath("/logs")
                                                .withSubPathExpr("pods/$(NAME)")
                                                .build(),
                                        new VolumeMountBuilder()
                                                .withName("data")
                                                .withMountPath("/inner")
                                                .withSubPath("link")
                                                .build(),
                                        new VolumeMountBuilder()
                                                .withName("data")
                                                .withMountPath("/all")
                                                .build()),
                        configMapVolume("conf", "conf"),
                        empty("data", "", ""))
                .editSpec()
                .addToInitContainers(
                        mounted(shell("plant", "cd /v/data; mkdir real; echo inside > real/y; ln -s real link"), "data")
                                .build())
                .endSpec());
        node.awaitPhase("subpaths", "Succeeded");
        assertThat(node.log("subpaths", "main")).isEqualTo("listen 80\nmine\ninside\n777\n");
    }

    @Test
    void subPathsThatLeadOutAreRefused() {
        outside("sub-up", "a/../../x", "must not contain '..'");
        outside("sub-abs", "/etc", "must be relative");
        outside("sub-link", "out", "cannot open \"out\" beneath");
        outside("sub-deep", "out/etc", "out");
        node.create(pods.pod(
                "sub-expr",
                shell("main", "true")
                        .addToVolumeMounts(new VolumeMountBuilder()
                                .withName("data")
                                .withMountPath("/x")
                                .withSubPathExpr("$(NOBODY)")
                                .build()),
                empty("data", "", "")));
        awaitWaiting("sub-expr", "its subPathExpr uses NOBODY");
        node.delete("sub-expr");
    }

    private static void outside(String name, String subPath, String why) {
        node.create(pods.pod(
                        name,
                        shell("main", "ls /x")
                                .addToVolumeMounts(new VolumeMountBuilder()
                                        .withName("data")
                                        .withMountPath("/x")
                                        .withSubPath(subPath)
                                        .build()),
                        empty("data", "", ""))
                .editSpec()
                .addToInitContainers(mounted(shell("plant", "ln -s ../../../../.. /v/data/out"), "data")
                        .build())
                .endSpec());
        awaitWaiting(name, why);
        node.delete(name);
    }

    private static void awaitWaiting(String name, String why) {
        node.await(name, "refused subPath", pod -> Optional.ofNullable(pod.getStatus())
                .flatMap(_ -> NodeFixture.find(pod, "main"))
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> waiting.getReason().equals("CreateContainerConfigError"))
                .map(ContainerStateWaiting::getMessage)
                .filter(message -> message.contains("subPath") && message.contains(why))
                .isPresent());
    }
}
