package dev.keelson.node.stats;

import dev.keelson.node.stats.NodeSnapshot.ContainerUse;
import dev.keelson.node.stats.NodeSnapshot.PodUse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * {@code /metrics/resource}: what autoscaling and {@code kubectl top} need, under the kubelet's names. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/reference/instrumentation/node-metrics/">Node metrics data</a>
 */
public final class ResourceMetrics {
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private final NodeSnapshot node;
    private final long time;
    private final MetricsText text = new MetricsText();

    private ResourceMetrics(NodeSnapshot node) {
        this.node = node;
        this.time = node.time().toEpochMilli();
    }

    public static String of(NodeSnapshot node) {
        return new ResourceMetrics(node).write();
    }

    private String write() {
        containers(
                "container_cpu_usage_seconds_total",
                "counter",
                "Cumulative cpu time consumed by the container in core-seconds",
                use -> use.usage().cpu().nanos() / NANOS);
        containers(
                "container_memory_working_set_bytes",
                "gauge",
                "Current working set of the container in bytes",
                use -> use.usage().memory().workingSetBytes());
        containers(
                "container_start_time_seconds",
                "gauge",
                "Start time of the container since unix epoch in seconds",
                use -> seconds(use.startedAt()));
        containers(
                "container_swap_usage_bytes",
                "gauge",
                "Current amount of the container swap usage in bytes",
                use -> use.usage().memory().swapBytes());
        node(
                "node_cpu_usage_seconds_total",
                "counter",
                "Cumulative cpu time consumed by the node in core-seconds",
                node.machine().cpuNanos() / NANOS);
        node(
                "node_memory_working_set_bytes",
                "gauge",
                "Current working set of the node in bytes",
                node.machine().memoryWorkingSet());
        pods(
                "pod_cpu_usage_seconds_total",
                "counter",
                "Cumulative cpu time consumed by the pod in core-seconds",
                pod -> pod.total().orElseThrow().cpu().nanos() / NANOS);
        pods("pod_memory_working_set_bytes", "gauge", "Current working set of the pod in bytes", pod -> pod.total()
                .orElseThrow()
                .memory()
                .workingSetBytes());
        node(
                "resource_scrape_error",
                "gauge",
                "1 if there was an error while getting container metrics, 0 otherwise",
                0);
        return text.toString();
    }

    static double seconds(Instant moment) {
        return moment.toEpochMilli() / MILLIS;
    }

    private void node(String name, String type, String help, double value) {
        text.family(name, type, "[STABLE] " + help).sample(name, Map.of(), value, time);
    }

    private void containers(String name, String type, String help, ToDoubleFunction<ContainerUse> value) {
        text.family(name, type, "[STABLE] " + help);
        for (PodUse pod : node.pods()) {
            for (ContainerUse use : pod.containers()) {
                Map<String, String> labels = labels(pod);
                labels.put("container", use.name());
                text.sample(name, labels, value.applyAsDouble(use), time);
            }
        }
    }

    private void pods(String name, String type, String help, ToDoubleFunction<PodUse> value) {
        text.family(name, type, "[STABLE] " + help);
        List<PodUse> alive =
                node.pods().stream().filter(pod -> pod.total().isPresent()).toList();
        alive.forEach(pod -> text.sample(name, labels(pod), value.applyAsDouble(pod), time));
    }

    private static Map<String, String> labels(PodUse pod) {
        return new TreeMap<>(Map.of("namespace", pod.namespace(), "pod", pod.name()));
    }
}
