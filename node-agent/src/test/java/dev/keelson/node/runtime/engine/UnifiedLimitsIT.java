package dev.keelson.node.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Hugepages;
import dev.keelson.node.runtime.ContainerStatus;
import dev.keelson.node.runtime.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits on a machine that has the unified hierarchy alone; such a one is made by {@code ./keelson test --vm}. */
class UnifiedLimitsIT extends EngineTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    @BeforeEach
    void needUnified() {
        assumeThat(Cgroups.detect().hierarchies()).isEmpty();
    }

    private String file(String group, String name) throws IOException {
        return Files.readString(ROOT.resolve(fixture.settings.cgroupParent())
                        .resolve(group)
                        .resolve(name))
                .strip();
    }

    private static Resources resources(Map<Long, Long> hugepages) {
        return new Resources(
                OptionalLong.of(512),
                OptionalLong.of(50_000),
                OptionalLong.of(64 * MEBIBYTE),
                OptionalLong.of(100),
                hugepages,
                OptionalInt.of(500));
    }

    @Test
    void limitsOfContainerAndPodStandInTheirGroups() throws IOException {
        runtime.limitPods(Resources.NONE);
        sandbox();
        runtime.updatePodSandboxResources(POD, resources(Map.of()));
        start(script("app", "sleep 1000").resources(resources(Map.of())));
        for (String group : new String[] {POD, POD + "/app_0"}) {
            assertThat(file(group, "memory.max")).isEqualTo("67108864");
            assertThat(file(group, "memory.swap.max")).isEqualTo("0");
            assertThat(file(group, "cpu.max")).isEqualTo("50000 100000");
            assertThat(file(group, "cpu.weight")).isEqualTo("20");
            assertThat(file(group, "pids.max")).isEqualTo("100");
        }
        assertThat(file(POD + "/app_0", "memory.oom.group")).isEqualTo("1");
        assertThat(file(POD, "memory.oom.group")).isEqualTo("0");
        assertThat(file("", "memory.swap.max")).isEqualTo("0");
    }

    @Test
    void wholeContainerDiesOutOfMemory() {
        sandbox();
        ContainerStatus app =
                finish(start(script("app", "awk 'BEGIN { s = \"0123456789abcdef\"; while (1) s = s s }'; sleep 1000")
                        .resources(resources(Map.of()))));
        // The shell goes on after its child's end where only one process is killed.
        assertThat(app.exit().orElseThrow().reason()).isEqualTo("OOMKilled");
        assertThat(app.exit().orElseThrow().code()).isEqualTo(137);
    }

    @Test
    void hugePagesAreLimited() throws IOException {
        assumeThat(Hugepages.pools().getOrDefault(2 * MEBIBYTE, 0L)).isPositive();
        sandbox();
        runtime.updatePodSandboxResources(POD, resources(Map.of(2 * MEBIBYTE, 0L)));
        assertThat(file(POD, "hugetlb.2MB.max")).isEqualTo("0");
        runtime.updatePodSandboxResources(POD, resources(Map.of(2 * MEBIBYTE, 4 * MEBIBYTE)));
        assertThat(file(POD, "hugetlb.2MB.max")).isEqualTo("4194304");
    }

    @Test
    void useIsCounted() {
        sandbox();
        ContainerStatus app =
                start(script("app", "i=0; while :; do i=$((i+1)); done").resources(resources(Map.of())));
        EngineFixture.await(() -> runtime.containerStats(app.id()).usage().cpu().throttledPeriods() > 2);
        var usage = runtime.podSandboxStats(POD).usage();
        assertThat(usage.cpu().nanos()).isPositive();
        assertThat(usage.cpu().userNanos()).isPositive();
        assertThat(usage.memory().workingSetBytes()).isPositive();
        assertThat(usage.memory().faults()).isPositive();
        assertThat(usage.pids()).isEqualTo(1);
    }

    @Test
    void whatIsWrittenToADiskIsCounted() throws IOException {
        Path volume = Files.createDirectories(fixture.settings.directory().resolve("volume"));
        sandbox();
        ContainerStatus app = start(script("app", "dd if=/dev/zero of=/data/x bs=1M count=4 conv=fsync; sleep 1000")
                .mount(volume, "/data", false)
                .resources(resources(Map.of())));
        EngineFixture.await(() -> runtime.containerStats(app.id()).usage().block().stream()
                .anyMatch(use ->
                        use.writtenBytes() >= 4 * MEBIBYTE && !use.device().isEmpty()));
        assertThat(runtime.podSandboxStats(POD).usage().block())
                .anySatisfy(use -> assertThat(use.writes()).isPositive());
    }
}
