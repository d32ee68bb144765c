package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.discovery.VersionHandler;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.watch.WatchCache;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What is read when somebody asks: how many objects are stored, and the {@code process_} figures of Prometheus' clients. */
final class StateMetrics extends Collector {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ResourceRegistry registry;
    private final WatchCache cache;
    private final Storage storage;

    StateMetrics(ResourceRegistry registry, WatchCache cache, Storage storage) {
        this.registry = registry;
        this.cache = cache;
        this.storage = storage;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples> found = new ArrayList<>();
        found.add(objects());
        found.add(build());
        size().ifPresent(found::add);
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

    private static GaugeMetricFamily build() {
        ObjectNode version = VersionHandler.version();
        List<String> fields = List.of("major", "minor", "gitVersion", "platform");
        GaugeMetricFamily build = new GaugeMetricFamily(
                "kubernetes_build_info",
                "A metric with a constant '1' value labeled by major, minor, git version and platform.",
                List.of("major", "minor", "git_version", "platform"));
        build.addMetric(
                fields.stream().map(field -> version.path(field).asText()).toList(), 1);
        return build;
    }

    /** Nothing while the database is away: the other figures are needed then more than ever. */
    private Optional<MetricFamilySamples> size() {
        try {
            long bytes = storage.sizeInBytes().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            GaugeMetricFamily size = new GaugeMetricFamily(
                    "apiserver_storage_size_bytes",
                    "Size of the storage database file physically allocated in bytes.",
                    List.of("storage_cluster_id"));
            return Optional.of(size.addMetric(List.of("postgresql"), bytes));
        } catch (ExecutionException | TimeoutException away) {
            return Optional.empty();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
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
