package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static dev.keelson.node.NodeFixture.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a reset of the machine: what should run runs, what has ended has ended, and nothing stale is believed. Needs root. */
class RebootIT {
    @TempDir
    Path directory;

    private Process stranger;

    @BeforeEach
    void startStranger() throws Exception {
        stranger = new ProcessBuilder("sleep", "1000").start();
    }

    @AfterEach
    void endStranger() throws Exception {
        stranger.destroyForcibly();
        assertThat(stranger.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatShouldRunRunsAgainAndWhatHasEndedStaysEnded() throws Exception {
        try (NodeFixture node = new NodeFixture(directory, "it-reboot", 29)) {
            node.create(service(node));
            node.create(node.pod("ended", shell("app", "echo bye; exit 3").build()));
            node.create(
                    node.pod("cut-off", shell("app", "echo here; sleep 1000").build()));
            node.create(node.pod("leaving", shell("app", "sleep 1000").build()));
            node.create(halfDone(node));
            node.awaitLog("service", "app", "memory=0 disk=init run");
            node.awaitPhase("ended", "Failed");
            node.awaitLog("cut-off", "app", "here");
            node.awaitReady("leaving");
            node.await(
                    "half-done",
                    "one has ended",
                    pod -> exitCode(status(pod, "done").getState()) == 0
                            && status(pod, "open").getState().getRunning() != null);
            String leaving = node.get("leaving").getMetadata().getUid();

            node.reboot(stranger, () -> node.delete("leaving"));

            Pod service = node.await("service", "runs again", pod -> {
                ContainerStatus app = status(pod, "app");
                return app.getRestartCount() == 1
                        && NodeFixture.condition(pod, "Ready").equals("True");
            });
            assertThat(exitCode(status(service, "app").getLastState())).isEqualTo(255);
            assertThat(service.getStatus().getPodIP()).startsWith("10.231.29.");
            node.awaitLog("service", "app", "memory=0 disk=init run init run");
            assertThat(node.previousLog("service", "app")).isEqualTo("memory=0 disk=init run\n");

            assertThat(exitCode(status(node.get("ended"), "app").getState())).isEqualTo(3);
            assertThat(node.log("ended", "app")).isEqualTo("bye\n");
            assertThat(exitCode(
                            status(node.awaitPhase("cut-off", "Failed"), "app").getState()))
                    .isEqualTo(255);
            assertThat(node.log("cut-off", "app")).isEqualTo("here\n");
            Pod half = node.await(
                    "half-done",
                    "goes on",
                    pod -> status(pod, "open").getRestartCount() == 1
                            && status(pod, "open").getState().getRunning() != null);
            assertThat(status(half, "done").getRestartCount()).isZero();
            assertThat(exitCode(status(half, "done").getState())).isZero();
            node.awaitGone("leaving");
            assertThat(directory.resolve("node/pods/" + leaving)).doesNotExist();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(Files.readString(Path.of("/proc/self/mountinfo"))
                            .lines()
                            .filter(line -> line.contains("it-reboot")))
                    .isEmpty();
        }
    }

    /** Writes down what it finds in memory and on disk, where each start leaves something. */
    private static PodBuilder service(NodeFixture node) {
        return node.pod(
                        "service",
                        mounted(shell(
                                        "app",
                                        "echo run >> /disk/log; echo memory=$(ls /memory | wc -l) disk=$(cat /disk/log);"
                                                + " touch /memory/was-here; sleep 1000"))
                                .build())
                .editSpec()
                .withRestartPolicy("Always")
                .withInitContainers(
                        mounted(shell("init", "echo init >> /disk/log")).build())
                .withVolumes(emptyDir("disk", ""), emptyDir("memory", "Memory"))
                .endSpec();
    }

    private static PodBuilder halfDone(NodeFixture node) {
        return node.pod(
                        "half-done",
                        shell("done", "true").build(),
                        shell("open", "sleep 1000").build())
                .editSpec()
                .withRestartPolicy("OnFailure")
                .endSpec();
    }

    private static io.fabric8.kubernetes.api.model.ContainerBuilder mounted(
            io.fabric8.kubernetes.api.model.ContainerBuilder container) {
        return container.withVolumeMounts(
                new VolumeMountBuilder().withName("disk").withMountPath("/disk").build(),
                new VolumeMountBuilder()
                        .withName("memory")
                        .withMountPath("/memory")
                        .build());
    }

    private static Volume emptyDir(String name, String medium) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withMedium(medium)
                .endEmptyDir()
                .build();
    }

    private static int exitCode(io.fabric8.kubernetes.api.model.ContainerState state) {
        return state.getTerminated() == null ? -1 : state.getTerminated().getExitCode();
    }
}
