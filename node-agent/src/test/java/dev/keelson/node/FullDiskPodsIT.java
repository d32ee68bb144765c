package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.NodeFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.image.ImageLimits;
import dev.keelson.node.image.TarBytes;
import dev.keelson.node.image.registry.FakeImage;
import dev.keelson.node.image.registry.FakeRegistry;
import dev.keelson.node.image.registry.RegistryOptions;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent whose data directory is on a small disk of its own, which is filled. Needs root. */
class FullDiskPodsIT {
    private static final String SETTINGS = "kubelet.yaml";
    private static final long RESERVED = 4 << 20;

    @TempDir
    Path root;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(root.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=64m,mode=755", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    private static void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private NodeFixture node(String name, int number) throws Exception {
        return new NodeFixture(
                disk, name, number, ImageLimits.DEFAULT.withReservedDiskBytes(RESERVED), RegistryOptions.DEFAULT);
    }

    /** Takes what is left but for some bytes. */
    private void fill(String ballast, long left) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(disk.resolve(ballast))) {
            while (Files.getFileStore(disk).getUsableSpace() > left) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    @Test
    void allGoesOnWhenThereIsRoomAgain() throws Exception {
        Files.writeString(disk.resolve(SETTINGS), "evictionHard: {}\n");
        try (NodeFixture node = node("it-full", 33);
                FakeRegistry registry = new FakeRegistry();
                Neighbour neighbour = new Neighbour(node)) {
            registry.publish(
                    "1",
                    FakeImage.of(new TarBytes().file("a", "x".repeat(1 << 20)).build()));
            node.create(node.pod(
                    "chatters",
                    shell("app", "i=0; while :; do echo line $((i++)) $(seq 500); sleep 0.05; done")
                            .build()));
            node.create(node.pod("writes", shell("app", UNTIL_FULL_AND_FREE).build()));
            node.awaitLog("chatters", "app", "line 1");
            node.awaitLog("writes", "app", "begun");
            fill("most", RESERVED / 2);
            node.create(node.pod(
                    "pulls",
                    new ContainerBuilder()
                            .withName("app")
                            .withImage(registry.host() + "/full:1")
                            .build()));
            node.awaitEvent("pulls", "stay reserved");
            fill("rest", 0);
            node.create(node.pod("late", shell("app", "echo late").build()));
            node.awaitEvent("late", "No space left on device");
            node.restartAgent();
            neighbour.assertUntouched();

            Files.delete(disk.resolve("most"));
            Files.delete(disk.resolve("rest"));
            assertThat(status(node.awaitPhase("writes", "Succeeded"), "app").getRestartCount())
                    .isZero();
            node.awaitLog("chatters", "app", "bytes of output were lost: no space left on device");
            node.awaitPhase("late", "Succeeded");
            // That image has no program: what counts is that it came.
            node.awaitEvent("pulls", "Successfully pulled image");
            neighbour.assertUntouched();
        }
    }

    private static final String UNTIL_FULL_AND_FREE = """
            echo begun; n=0
            while echo x > /tmp/$n; do n=$((n+1)); sleep 0.05; done
            until echo x > /tmp/again; do sleep 0.05; done""";

    @Test
    void whoFillsTheDiskIsEvicted() throws Exception {
        Files.writeString(disk.resolve(SETTINGS), "evictionHard: {nodefs.available: 8Mi}\n");
        try (NodeFixture node = node("it-filler", 34);
                Neighbour neighbour = new Neighbour(node)) {
            node.create(node.pod(
                            "fills",
                            shell("app", "dd if=/dev/zero of=/scratch/big bs=64k; exec sleep 1000")
                                    .addNewVolumeMount()
                                    .withName("scratch")
                                    .withMountPath("/scratch")
                                    .endVolumeMount()
                                    // Without a limit it would end at half of the disk.
                                    .withNewResources()
                                    .addToLimits("ephemeral-storage", new Quantity("1Gi"))
                                    .addToRequests("ephemeral-storage", new Quantity("0"))
                                    .endResources()
                                    .build())
                    .editSpec()
                    .addNewVolume()
                    .withName("scratch")
                    .withEmptyDir(new EmptyDirVolumeSource())
                    .endVolume()
                    .endSpec());

            Pod pod = node.awaitPhase("fills", "Failed");
            assertThat(pod.getStatus().getReason()).isEqualTo("Evicted");
            assertThat(pod.getStatus().getMessage()).contains("The node was low on resource: ephemeral-storage.");
            neighbour.assertUntouched();
        }
    }
}
