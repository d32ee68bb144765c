package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.Cgroups;
import dev.keelson.node.runtime.ContainerStats;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.PodSandboxConfig.NamespaceModes;
import dev.keelson.node.runtime.Resources;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Limits that hold. */
class LimitsIT extends EngineTest {
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void containerThatNeedsTooMuchMemoryIsKilledAndSaysSo() {
        sandbox();
        ContainerStatus app =
                finish(start(script("app", "awk 'BEGIN { s = \"0123456789abcdef\"; while (1) s = s s }'; exit $?")
                        .resources(memory(32 * MEBIBYTE))));
        assertThat(app.exit()).get().satisfies(exit -> {
            assertThat(exit.code()).isEqualTo(137);
            assertThat(exit.reason()).isEqualTo("OOMKilled");
        });
    }

    @Test
    void containerSeesItsOwnLimit() {
        sandbox();
        String file = Cgroups.detect().hierarchies().isEmpty()
                ? "/sys/fs/cgroup/memory.max"
                : "/sys/fs/cgroup/memory/memory.limit_in_bytes";
        assertThat(output(script("app", "cat " + file + "; echo 1 > " + file).resources(memory(48 * MEBIBYTE))))
                .startsWith(48 * MEBIBYTE + "\n")
                .contains("Read-only");
    }

    @Test
    void processesAreCounted() {
        sandbox();
        Resources few =
                new Resources(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(8));
        ContainerStatus app =
                finish(start(script("app", "i=0; while [ $i -lt 30 ]; do sleep 1000 & i=$((i+1)); done; exit 0")
                        .resources(few)));
        assertThat(text(app)).contains("can't fork");
    }

    @Test
    void containersOfAPodForkNoFurtherThanThePodsLimit() {
        Resources few =
                new Resources(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(40));
        sandbox(NamespaceModes.PRIVATE, few);
        ContainerStatus bomb = start(script("bomb", "(while :; do sleep 1000 & done); exec sleep 1000"));
        EngineFixture.await(() -> text(runtime.containerStatus(bomb.id())).contains("can't fork"));
        ContainerStatus neighbour =
                runtime.createContainer(script("neighbour", "echo in").value());
        assertThatThrownBy(() -> runtime.startContainer(neighbour.id())).hasMessageContaining("pids limit");
        runtime.stopContainer(bomb.id(), Duration.ZERO);
        assertThat(output(script("next", "echo in"))).isEqualTo("in\n");
    }

    @Test
    void processorTimeIsCapped() {
        sandbox();
        Resources tenth = new Resources(
                OptionalLong.of(102), OptionalLong.of(10_000), OptionalLong.empty(), OptionalLong.empty());
        ContainerStatus app = start(script("app", "while :; do :; done").resources(tenth));
        long start = System.nanoTime();
        long before = runtime.containerStats(app.id()).cpuNanos();
        // On a slow machine a container may have hardly run in a second.
        EngineFixture.await(() -> System.nanoTime() - start > 1_000_000_000L
                && runtime.containerStats(app.id()).cpuNanos() - before > 20_000_000L);
        double used = (runtime.containerStats(app.id()).cpuNanos() - before) / (double) (System.nanoTime() - start);
        assertThat(used).isLessThan(0.2);
    }

    @Test
    void limitBelowWhatIsUsedIsRefusedAndHurtsNobody() {
        sandbox();
        ContainerStatus app = start(script(
                        "app",
                        "dd if=/dev/zero of=/dev/shm/x bs=1M count=20; echo full; trap 'exit 4' TERM; sleep 1000 & wait")
                .resources(memory(64 * MEBIBYTE)));
        EngineFixture.await(() -> text(runtime.containerStatus(app.id())).contains("full"));
        assertThatThrownBy(() -> runtime.updateContainerResources(app.id(), memory(8 * MEBIBYTE)))
                .hasMessageMatching(
                        "cannot lower the memory limit of container app to 8388608 bytes: it uses [0-9]{8}");
        runtime.updateContainerResources(app.id(), memory(40 * MEBIBYTE));
        runtime.stopContainer(app.id(), Duration.ofSeconds(10));
        assertThat(finish(app).exit().orElseThrow().code()).isEqualTo(4);
    }

    @Test
    void limitsCanBeChangedWhileRunning() {
        sandbox();
        ContainerStatus app = start(script("app", "sleep 1000").resources(memory(64 * MEBIBYTE)));
        runtime.updateContainerResources(app.id(), memory(128 * MEBIBYTE));
        runtime.updateContainerResources(app.id(), memory(32 * MEBIBYTE));
        String file = Cgroups.detect().hierarchies().isEmpty()
                ? "/sys/fs/cgroup/memory.max"
                : "/sys/fs/cgroup/memory/memory.limit_in_bytes";
        assertThat(exec(app, "cat " + file)).isEqualTo(32 * MEBIBYTE + "\n");
        ContainerStats stats = runtime.containerStats(app.id());
        assertThat(stats.pids()).isEqualTo(1);
        assertThat(stats.cpuNanos()).isPositive();
        assertThat(stats.memoryWorkingSetBytes()).isBetween(1L, stats.memoryUsageBytes());
    }

    @Test
    void limitTooLowToStartIsExplained() {
        sandbox();
        Resources none =
                new Resources(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(1));
        ContainerStatus app =
                runtime.createContainer(script("app", "echo hi").resources(none).value());
        assertThatThrownBy(() -> runtime.startContainer(app.id())).hasMessageContaining("pids limit");
    }

    /** Only raising the score is allowed everywhere, so that is what is tried. */
    @Test
    void kernelIsToldWhomToEndFirst() {
        sandbox();
        Resources early = Resources.NONE.withOomScoreAdjust(777);
        ContainerStatus app = start(script("app", "sleep 1000").resources(early));
        assertThat(exec(app, "cat /proc/1/oom_score_adj /proc/self/oom_score_adj"))
                .isEqualTo("777\n777\n");
        runtime.stopContainer(app.id(), Duration.ZERO);
        // What the agent may not set stays as it is, and the container runs.
        ContainerStatus safe = start(script("safe", "sleep 1000").resources(Resources.NONE.withOomScoreAdjust(-999)));
        assertThat(Integer.parseInt(exec(safe, "cat /proc/1/oom_score_adj").strip()))
                .isBetween(-999, 0);
    }

    /** Two containers without limits of their own share what the pod has. */
    @Test
    void podAsAWholeIsLimited() {
        sandbox();
        runtime.updatePodSandboxResources(POD, memory(32 * MEBIBYTE));
        ContainerStatus app =
                finish(start(script("app", "awk 'BEGIN { s = \"0123456789abcdef\"; while (1) s = s s }'")));
        assertThat(app.exit().orElseThrow().code()).isEqualTo(137);
    }

    @Test
    void allPodsTogetherAreLimited() {
        runtime.limitPods(new Resources(
                OptionalLong.of(512), OptionalLong.empty(), OptionalLong.of(32 * MEBIBYTE), OptionalLong.empty()));
        sandbox();
        ContainerStatus app =
                finish(start(script("app", "awk 'BEGIN { s = \"0123456789abcdef\"; while (1) s = s s }'")));
        assertThat(app.exit().orElseThrow().code()).isEqualTo(137);
    }
}
