package dev.keelson.node.stats;

import dev.keelson.linux.BlockUse;
import dev.keelson.linux.CgroupUsage;
import dev.keelson.linux.DiskUse;
import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.runtime.Resources;
import dev.keelson.node.stats.NodeSnapshot.ContainerUse;
import dev.keelson.node.stats.NodeSnapshot.PodUse;
import dev.keelson.node.storage.PodStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * {@code /metrics/cadvisor}: what is used, under the names that cAdvisor gave it and that dashboards know. A pod as a whole is
 * there with an empty {@code container}, as in the kubelet. Pure.
 *
 * @see <a href="https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md">cAdvisor's metrics</a>
 */
public final class CadvisorMetrics {
    private static final double NANOS = 1e9;
    private static final long PERIOD_MICROS = 100_000;

    private final NodeSnapshot node;
    private final long time;
    private final MetricsText text = new MetricsText();
    private final List<Subject> subjects = new ArrayList<>();

    /** Something that metrics are about. */
    private record Subject(
            Map<String, String> labels,
            CgroupUsage usage,
            Optional<ContainerUse> container,
            Resources limits,
            Optional<DiskUse> written) {}

    private CadvisorMetrics(NodeSnapshot node) {
        this.node = node;
        this.time = node.time().toEpochMilli();
        node.pods().forEach(pod -> {
            pod.total()
                    .ifPresent(total -> subjects.add(new Subject(
                            labels(pod, "", "", ""), total, Optional.empty(), pod.limits(), Optional.empty())));
            pod.containers()
                    .forEach(use -> subjects.add(new Subject(
                            labels(pod, use.name(), use.id(), use.image()),
                            use.usage(),
                            Optional.of(use),
                            use.limits(),
                            pod.storage()
                                    .map(storage -> storage.containers().get(use.name()))
                                    .map(PodStorage.Container::writable))));
        });
    }

    public static String of(NodeSnapshot node) {
        return new CadvisorMetrics(node).write();
    }

    private String write() {
        cpu();
        memory();
        network();
        disk();
        block();
        limits();
        counter("container_last_seen", "gauge", "Last time a container was seen by the exporter", _ -> time / 1000);
        counter("container_processes", "gauge", "Number of processes running inside the container.", CgroupUsage::pids);
        text.family(
                "container_start_time_seconds", "gauge", "Start time of the container since unix epoch in seconds.");
        for (Subject subject : subjects) {
            subject.container()
                    .ifPresent(use -> text.sample(
                            "container_start_time_seconds",
                            subject.labels(),
                            ResourceMetrics.seconds(use.startedAt()),
                            time));
        }
        machine(
                "machine_cpu_cores",
                "Number of logical CPU cores.",
                node.machine().cpus());
        machine(
                "machine_memory_bytes",
                "Amount of memory installed on the machine.",
                node.machine().memoryCapacity());
        machine("container_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise", 0);
        return text.toString();
    }

    private void cpu() {
        String name = "container_cpu_usage_seconds_total";
        text.family(name, "counter", "Cumulative cpu time consumed in seconds.");
        for (Subject subject : subjects) {
            Map<String, String> labels = new TreeMap<>(subject.labels());
            labels.put("cpu", "total");
            text.sample(name, labels, subject.usage().cpu().nanos() / NANOS, time);
        }
        counter(
                "container_cpu_user_seconds_total",
                "counter",
                "Cumulative user cpu time consumed in seconds.",
                use -> use.cpu().userNanos() / NANOS);
        counter(
                "container_cpu_system_seconds_total",
                "counter",
                "Cumulative system cpu time consumed in seconds.",
                use -> use.cpu().systemNanos() / NANOS);
        counter(
                "container_cpu_cfs_periods_total",
                "counter",
                "Number of elapsed enforcement period intervals.",
                use -> use.cpu().periods());
        counter(
                "container_cpu_cfs_throttled_periods_total",
                "counter",
                "Number of throttled period intervals.",
                use -> use.cpu().throttledPeriods());
        counter(
                "container_cpu_cfs_throttled_seconds_total",
                "counter",
                "Total time duration the container has been throttled.",
                use -> use.cpu().throttledNanos() / NANOS);
    }

    private void memory() {
        counter(
                "container_memory_usage_bytes",
                "gauge",
                "Current memory usage in bytes, including all memory regardless of when it was accessed",
                use -> use.memory().bytes());
        counter("container_memory_working_set_bytes", "gauge", "Current working set in bytes.", use -> use.memory()
                .workingSetBytes());
        counter("container_memory_rss", "gauge", "Size of RSS in bytes.", use -> use.memory()
                .rssBytes());
        counter("container_memory_cache", "gauge", "Number of bytes of page cache memory.", use -> use.memory()
                .cacheBytes());
        counter("container_memory_swap", "gauge", "Container swap usage in bytes.", use -> use.memory()
                .swapBytes());
        String name = "container_memory_failures_total";
        text.family(name, "counter", "Cumulative count of memory allocation failures.");
        for (Subject subject : subjects) {
            Map<String, String> labels = new TreeMap<>(subject.labels());
            labels.put("scope", "container");
            labels.put("failure_type", "pgfault");
            text.sample(name, labels, subject.usage().memory().faults(), time);
            labels.put("failure_type", "pgmajfault");
            text.sample(name, labels, subject.usage().memory().majorFaults(), time);
        }
    }

    /** Of containers whose root file system has been measured; the file system's own figures stand beside them. */
    private void disk() {
        FileSystemUse disk = node.machine().imageFs();
        written(
                "container_fs_usage_bytes",
                "Number of bytes that are consumed by the container on this filesystem.",
                DiskUse::bytes);
        written(
                "container_fs_limit_bytes",
                "Number of bytes that can be consumed by the container on this filesystem.",
                _ -> disk.capacityBytes());
        written("container_fs_inodes_total", "Number of Inodes", _ -> disk.inodes());
        written("container_fs_inodes_free", "Number of available Inodes", _ -> disk.inodesFree());
    }

    private void written(String name, String help, ToDoubleFunction<DiskUse> value) {
        text.family(name, "gauge", help);
        subjects.forEach(subject -> subject.written()
                .ifPresent(use -> text.sample(name, subject.labels(), value.applyAsDouble(use), time)));
    }

    /** What went to and from block devices; what a page cache answered is not in it. */
    private void block() {
        block("container_fs_reads_bytes_total", "Cumulative count of bytes read", BlockUse::readBytes);
        block("container_fs_reads_total", "Cumulative count of reads completed", BlockUse::reads);
        block("container_fs_writes_bytes_total", "Cumulative count of bytes written", BlockUse::writtenBytes);
        block("container_fs_writes_total", "Cumulative count of writes completed", BlockUse::writes);
        String name = "container_blkio_device_usage_total";
        text.family(name, "counter", "Blkio Device bytes usage");
        for (Subject subject : subjects) {
            for (BlockUse use : subject.usage().block()) {
                Map<String, String> labels = on(use, subject);
                labels.put("major", String.valueOf(use.major()));
                labels.put("minor", String.valueOf(use.minor()));
                labels.put("operation", "Read");
                text.sample(name, labels, use.readBytes(), time);
                labels.put("operation", "Write");
                text.sample(name, labels, use.writtenBytes(), time);
            }
        }
    }

    private void block(String name, String help, ToDoubleFunction<BlockUse> value) {
        text.family(name, "counter", help);
        for (Subject subject : subjects) {
            subject.usage().block().forEach(use -> text.sample(name, on(use, subject), value.applyAsDouble(use), time));
        }
    }

    private static Map<String, String> on(BlockUse use, Subject subject) {
        Map<String, String> labels = new TreeMap<>(subject.labels());
        labels.put("device", use.device().isEmpty() ? "" : "/dev/" + use.device());
        return labels;
    }

    private void limits() {
        limit(
                "container_spec_cpu_period",
                "CPU period of the container.",
                limits -> limits.cpuQuotaMicros().isPresent() ? OptionalLong.of(PERIOD_MICROS) : OptionalLong.empty());
        limit("container_spec_cpu_quota", "CPU quota of the container.", Resources::cpuQuotaMicros);
        limit("container_spec_cpu_shares", "CPU share of the container.", Resources::cpuShares);
        limit(
                "container_spec_memory_limit_bytes",
                "Memory limit for the container.",
                limits -> OptionalLong.of(limits.memoryBytes().orElse(0)));
    }

    private void limit(String name, String help, Function<Resources, OptionalLong> value) {
        text.family(name, "gauge", help);
        subjects.forEach(subject ->
                value.apply(subject.limits()).ifPresent(limit -> text.sample(name, subject.labels(), limit, time)));
    }

    private void network() {
        network("receive_bytes", "bytes received", NetworkUse::receivedBytes);
        network("receive_packets", "packets received", NetworkUse::receivedPackets);
        network("receive_packets_dropped", "packets dropped while receiving", NetworkUse::receiveDropped);
        network("receive_errors", "errors encountered while receiving", NetworkUse::receiveErrors);
        network("transmit_bytes", "bytes transmitted", NetworkUse::sentBytes);
        network("transmit_packets", "packets transmitted", NetworkUse::sentPackets);
        network("transmit_packets_dropped", "packets dropped while transmitting", NetworkUse::sendDropped);
        network("transmit_errors", "errors encountered while transmitting", NetworkUse::sendErrors);
    }

    private void network(String what, String help, ToDoubleFunction<NetworkUse> value) {
        String name = "container_network_" + what + "_total";
        text.family(name, "counter", "Cumulative count of " + help);
        for (PodUse pod : node.pods()) {
            for (NetworkUse use : pod.network()) {
                Map<String, String> labels = labels(pod, "", "", "");
                labels.put("interface", use.name());
                text.sample(name, labels, value.applyAsDouble(use), time);
            }
        }
    }

    private void counter(String name, String type, String help, ToDoubleFunction<CgroupUsage> value) {
        text.family(name, type, help);
        subjects.forEach(subject -> text.sample(name, subject.labels(), value.applyAsDouble(subject.usage()), time));
    }

    private void machine(String name, String help, double value) {
        text.family(name, "gauge", help).sample(name, Map.of(), value, time);
    }

    private static Map<String, String> labels(PodUse pod, String container, String id, String image) {
        return new TreeMap<>(Map.of(
                "namespace",
                pod.namespace(),
                "pod",
                pod.name(),
                "container",
                container,
                "name",
                id,
                "id",
                "/" + pod.uid() + (container.isEmpty() ? "" : "/" + container),
                "image",
                image));
    }
}
