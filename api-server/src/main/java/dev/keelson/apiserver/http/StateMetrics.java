package dev.keelson.apiserver.http;

import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.watch.WatchCache;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is read when somebody asks: how many objects are stored, and the {@code process_} figures of Prometheus' clients. */
final class StateMetrics extends Collector {
    private final ResourceRegistry registry;
    private final WatchCache cache;

    StateMetrics(ResourceRegistry registry, WatchCache cache) {
        this.registry = registry;
        this.cache = cache;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples> found = new ArrayList<>();
        found.add(objects());
        ProcessHandle.Info self = ProcessHandle.current().info();
        self.totalCpuDuration()
                .ifPresent(spent -> found.add(new CounterMetricFamily(
                        "process_cpu_seconds_total",
                        "Total user and system CPU time spent in seconds.",
                        spent.toNanos() / 1e9)));
        self.startInstant()
                .ifPresent(start -> found.add(new GaugeMetricFamily(
                        "process_start_time_seconds",
                        "Start time of the process since unix epoch in seconds.",
                        start.toEpochMilli() / 1e3)));
        resident()
                .ifPresent(bytes -> found.add(new GaugeMetricFamily(
                        "process_resident_memory_bytes", "Resident memory size in bytes.", bytes)));
        openFiles()
                .ifPresent(count -> found.add(
                        new GaugeMetricFamily("process_open_fds", "Number of open file descriptors.", count)));
        return found;
    }

    private GaugeMetricFamily objects() {
        GaugeMetricFamily objects = new GaugeMetricFamily(
                "apiserver_storage_objects",
                "Number of stored objects at the time of last check split by kind.",
                List.of("resource"));
        Set<String> counted = new HashSet<>();
        for (ResourceDefinition kind : registry.all()) {
            String group = kind.storageGroup();
            String name = group.isEmpty() ? kind.plural() : kind.plural() + "." + group;
            if (counted.add(name)) {
                int size = cache.list(group, kind.plural(), "").objects().size();
                objects.addMetric(List.of(name), size);
            }
        }
        return objects;
    }

    private static Optional<Long> resident() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException notHere) {
            return Optional.empty();
        }
    }

    private static Optional<Long> openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return Optional.of(files.count());
        } catch (IOException notHere) {
            return Optional.empty();
        }
    }
}
