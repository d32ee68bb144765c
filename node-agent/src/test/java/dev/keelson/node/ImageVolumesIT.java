package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.VolumePods.image;
import static dev.keelson.node.VolumePods.mounted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images as volumes, on the real kernel. Needs root. */
class ImageVolumesIT {
    @TempDir
    static Path directory;

    @AutoClose
    private static NodeFixture node;

    private static VolumePods pods;

    @BeforeAll
    static void start() throws Exception {
        node = new NodeFixture(directory, "it-images", 31);
        pods = new VolumePods(node);
    }

    @Test
    void imagesAreVolumesThatCannotBeChangedOrExecuted() {
        node.create(pods.pod(
                "image",
                shell("main", "cat /img/etc/group /accounts/passwd; touch /img/x; /img/bin/busybox true")
                        .addToVolumeMounts(
                                new VolumeMountBuilder()
                                        .withName("img")
                                        .withMountPath("/img")
                                        .build(),
                                new VolumeMountBuilder()
                                        .withName("img")
                                        .withMountPath("/accounts")
                                        .withSubPath("etc")
                                        .build()),
                image("img", BusyboxImage.NAME)));
        node.awaitPhase("image", "Failed");
        assertThat(node.log("image", "main"))
                .startsWith("root:x:0:\nbob:x:1000:\nroot:x:0:0:")
                .contains("/img/x: Read-only file system", "/img/bin/busybox: Permission denied");
        node.create(pods.pod("no-image", mounted(shell("main", "true"), "img"), image("img", "it.keelson.dev/none:1")));
        node.awaitEvent("no-image", "image \"it.keelson.dev/none:1\" is not present with pull policy of Never");
        node.await("no-image", "told by the container", pod -> NodeFixture.find(pod, "main")
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> "ErrImageNeverPull".equals(waiting.getReason()))
                .isPresent());
        node.delete("no-image");
    }
}
