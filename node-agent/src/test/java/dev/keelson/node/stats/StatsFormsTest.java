package dev.keelson.node.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.BlockUse;
import dev.keelson.linux.CgroupUsage;
import dev.keelson.linux.DiskUse;
import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.stats.NodeSnapshot.ContainerUse;
import dev.keelson.node.stats.NodeSnapshot.PodUse;
import dev.keelson.node.storage.PodStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The forms in which use is told. */
class StatsFormsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Instant START = NOW.minusSeconds(60);

    private static CgroupUsage usage(long cpuNanos, long memory) {
        return new CgroupUsage(
                new CgroupUsage.Cpu(cpuNanos, cpuNanos / 2, cpuNanos / 2, 10, 3, 1_500_000_000L),
                new CgroupUsage.Memory(memory, memory / 4, memory / 2, memory / 4, 0, 7, 1),
                5,
                List.of(new BlockUse(254, 0, "vda", 8192, 4096, 2, 1)));
    }

    private static NodeSnapshot snapshot(Instant time, long cpuNanos) {
        FileSystemUse disk = new FileSystemUse(1000, 500, 400, 100, 60);
        MachineUse machine = new MachineUse(
                START, 2, 9_000_000_000L, 8192, 4096, 3072, 2048, 11, 2, disk, disk, List.of(), 300, 32768);
        ContainerUse app = new ContainerUse(
                "id1",
                "app",
                "img:1",
                START,
                usage(cpuNanos, 4000),
                new Resources(
                        OptionalLong.of(512),
                        OptionalLong.of(150_000),
                        OptionalLong.of(1 << 20),
                        OptionalLong.empty()));
        PodStorage storage = new PodStorage(
                Map.of("app", new PodStorage.Container(new DiskUse(100, 3), new DiskUse(20, 2))),
                Map.of("scratch", new DiskUse(7, 1)));
        PodUse pod = new PodUse(
                "uid1",
                "shop",
                "web",
                START,
                Optional.of(usage(cpuNanos, 4400)),
                List.of(app),
                NetworkUse.parse(List.of(
                        "Inter-|   Receive                            |  Transmit",
                        "    lo:   10 1 0 0 0 0 0 0 10 1 0 0 0 0 0 0",
                        "  eth0: 1500 9 1 2 0 0 0 0 700 8 3 4 0 0 0 0")),
                new Resources(OptionalLong.of(512), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()),
                Optional.of(storage));
        return new NodeSnapshot(time, "n1", machine, List.of(pod));
    }

    @Test
    void resourceMetricsAreNamedAsTheKubeletDoes() {
        assertThat(ResourceMetrics.of(snapshot(NOW, 1_250_000_000L)).lines())
                .contains(
                        "# TYPE container_cpu_usage_seconds_total counter",
                        "container_cpu_usage_seconds_total{container=\"app\",namespace=\"shop\",pod=\"web\"} 1.250000000 1767323045678",
                        "container_memory_working_set_bytes{container=\"app\",namespace=\"shop\",pod=\"web\"} 3000 1767323045678",
                        "pod_memory_working_set_bytes{namespace=\"shop\",pod=\"web\"} 3300 1767323045678",
                        "node_cpu_usage_seconds_total 9 1767323045678",
                        "node_memory_working_set_bytes 3072 1767323045678",
                        "resource_scrape_error 0 1767323045678");
    }

    @Test
    void cadvisorMetricsShowPodsAndContainers() {
        String text = CadvisorMetrics.of(snapshot(NOW, 1_250_000_000L));
        assertThat(text.lines())
                .contains(
                        "container_cpu_usage_seconds_total{container=\"\",cpu=\"total\",id=\"/uid1\",image=\"\",name=\"\",namespace=\"shop\",pod=\"web\"} 1.250000000 1767323045678",
                        "container_cpu_cfs_throttled_seconds_total{container=\"app\",id=\"/uid1/app\",image=\"img:1\",name=\"id1\",namespace=\"shop\",pod=\"web\"} 1.500000000 1767323045678",
                        "container_network_receive_bytes_total{container=\"\",id=\"/uid1\",image=\"\",interface=\"eth0\",name=\"\",namespace=\"shop\",pod=\"web\"} 1500 1767323045678",
                        "machine_cpu_cores 2 1767323045678");
        assertThat(text).doesNotContain("interface=\"lo\"");
        String app =
                "{container=\"app\",id=\"/uid1/app\",image=\"img:1\",name=\"id1\",namespace=\"shop\",pod=\"web\"} %s 1767323045678";
        String pod =
                "{container=\"\",id=\"/uid1\",image=\"\",name=\"\",namespace=\"shop\",pod=\"web\"} %s 1767323045678";
        assertThat(text.lines())
                .contains(
                        "container_fs_usage_bytes" + app.formatted("100"),
                        "container_fs_limit_bytes" + app.formatted("1000"),
                        "container_fs_inodes_free" + app.formatted("60"),
                        "container_spec_cpu_period" + app.formatted("100000"),
                        "container_spec_cpu_quota" + app.formatted("150000"),
                        "container_spec_cpu_shares" + app.formatted("512"),
                        "container_spec_cpu_shares" + pod.formatted("512"),
                        "container_spec_memory_limit_bytes" + app.formatted("1048576"),
                        "container_spec_memory_limit_bytes" + pod.formatted("0"),
                        "container_last_seen" + app.formatted("1767323045"))
                .doesNotContain("container_spec_cpu_period" + pod.formatted("100000"));
    }

    @Test
    void cadvisorMetricsShowBlockDevices() {
        String app =
                "container=\"app\",device=\"/dev/vda\",id=\"/uid1/app\",image=\"img:1\"%s,name=\"id1\",namespace=\"shop\"%s,pod=\"web\"} ";
        String plain = app.formatted("", "");
        String major = ",major=\"254\",minor=\"0\"";
        assertThat(CadvisorMetrics.of(snapshot(NOW, 1)).lines())
                .contains(
                        "container_fs_reads_bytes_total{" + plain + "8192 1767323045678",
                        "container_fs_reads_total{" + plain + "2 1767323045678",
                        "container_fs_writes_bytes_total{" + plain + "4096 1767323045678",
                        "container_fs_writes_total{" + plain + "1 1767323045678",
                        "container_fs_writes_total{container=\"\",device=\"/dev/vda\",id=\"/uid1\",image=\"\",name=\"\",namespace=\"shop\",pod=\"web\"} 1 1767323045678",
                        "container_blkio_device_usage_total{" + app.formatted(major, ",operation=\"Read\"")
                                + "8192 1767323045678",
                        "container_blkio_device_usage_total{" + app.formatted(major, ",operation=\"Write\"")
                                + "4096 1767323045678");
    }

    @Test
    @SuppressWarnings("unchecked")
    void summaryTellsRatesFromTheSecondLookOn() {
        SummaryDocument summary = new SummaryDocument();
        assertThat(cpu(summary, NOW, 1_000_000_000L)).doesNotContainKey("usageNanoCores");
        Map<String, Object> cpu = cpu(summary, NOW.plus(Duration.ofSeconds(2)), 2_000_000_000L);
        assertThat(cpu)
                .containsEntry("usageNanoCores", 500_000_000L)
                .containsEntry("usageCoreNanoSeconds", 2_000_000_000L);
        // Asked again at once, the answer is the one before.
        assertThat(cpu(summary, NOW.plus(Duration.ofMillis(2100)), 2_000_000_000L))
                .containsEntry("usageNanoCores", 500_000_000L);
    }

    @Test
    @SuppressWarnings("unchecked")
    void summaryTellsWhatPodsTakeOnTheDisk() {
        Map<String, Object> document = new SummaryDocument().of(snapshot(NOW, 1), false);
        Map<String, Object> pod = ((List<Map<String, Object>>) document.get("pods")).getFirst();
        assertThat((Map<String, Object>) pod.get("ephemeral-storage"))
                .containsEntry("usedBytes", 127L)
                .containsEntry("inodesUsed", 6L)
                .containsEntry("availableBytes", 400L);
        assertThat(((List<Map<String, Object>>) pod.get("volume")).getFirst())
                .containsEntry("name", "scratch")
                .containsEntry("usedBytes", 7L)
                .containsEntry("capacityBytes", 1000L);
        Map<String, Object> app = ((List<Map<String, Object>>) pod.get("containers")).getFirst();
        assertThat((Map<String, Object>) app.get("rootfs")).containsEntry("usedBytes", 100L);
        assertThat((Map<String, Object>) app.get("logs")).containsEntry("usedBytes", 20L);
        assertThat(new SummaryDocument().of(snapshot(NOW, 1), true).get("pods").toString())
                .doesNotContain("ephemeral-storage")
                .doesNotContain("rootfs");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cpu(SummaryDocument summary, Instant time, long nanos) {
        Map<String, Object> document = summary.of(snapshot(time, nanos), false);
        Map<String, Object> pod = ((List<Map<String, Object>>) document.get("pods")).getFirst();
        return (Map<String, Object>)
                ((List<Map<String, Object>>) pod.get("containers")).getFirst().get("cpu");
    }

    @Test
    @SuppressWarnings("unchecked")
    void summaryTellsOfTheMachine() {
        Map<String, Object> node = (Map<String, Object>)
                new SummaryDocument().of(snapshot(NOW, 1), false).get("node");
        assertThat(node).containsEntry("nodeName", "n1");
        assertThat((Map<String, Object>) node.get("memory")).containsEntry("availableBytes", 8192L - 3072);
        assertThat((Map<String, Object>) node.get("fs"))
                .containsEntry("availableBytes", 400L)
                .containsEntry("usedBytes", 500L)
                .containsEntry("inodesUsed", 40L);
        assertThat(new SummaryDocument().of(snapshot(NOW, 1), true).get("node").toString())
                .doesNotContain("inodes");
    }

    @Test
    void thisMachineCanBeRead() {
        MachineUse machine = MachineUse.read(Path.of("/tmp"), Path.of("/tmp"));
        assertThat(machine.cpuNanos()).isPositive();
        assertThat(machine.memoryAvailable()).isBetween(1L, machine.memoryCapacity());
        assertThat(machine.nodeFs().availableBytes())
                .isBetween(0L, machine.nodeFs().capacityBytes());
        assertThat(machine.processes()).isBetween(1L, machine.processesMost());
        assertThat(machine.startedAt()).isBefore(Instant.now());
    }
}
