package dev.keelson.apiserver.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.metrics.MeasuredNode.Amount;
import dev.keelson.apiserver.metrics.NodeUsage.Subject;
import dev.keelson.apiserver.registry.ComputedKind;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.UnstoredKind;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.store.Reads;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * {@code metrics.k8s.io/v1beta1}: what nodes and pods use, for {@code kubectl top} and autoscaling, without a metrics server.
 *
 * @see <a href="https://github.com/kubernetes/metrics">k8s.io/metrics</a>
 */
public final class MetricsKinds {
    private static final String GROUP = "metrics.k8s.io";
    private static final String VERSION = "v1beta1";
    private static final long KIBIBYTE = 1024;
    private static final double MILLIS = 1e3;

    public static final UnstoredKind NODE_METRICS = ComputedKind.kind(
            GROUP,
            VERSION,
            "NodeMetrics",
            "nodes",
            false,
            List.of(
                    Columns.text("cpu", "Cores in use.", "", "usage", "cpu"),
                    Columns.text("memory", "Memory in use.", "", "usage", "memory"),
                    Columns.text("window", "The time over which use was measured.", "", "window")));

    public static final UnstoredKind POD_METRICS = ComputedKind.kind(
            GROUP,
            VERSION,
            "PodMetrics",
            "pods",
            true,
            List.of(Columns.text("window", "The time over which use was measured.", "", "window")));

    private static final ResourceDefinition NODES = NODE_METRICS.definition();
    private static final ResourceDefinition PODS = POD_METRICS.definition();

    private final Reads reads;
    private final ResourceDefinition nodes;
    private final ResourceDefinition pods;
    private final NodeMeasurements measurements;

    /** @param texts what {@code /metrics/resource} of the node of that name says */
    public MetricsKinds(Reads reads, ResourceRegistry registry, UnaryOperator<String> texts, Clock clock) {
        this.reads = reads;
        this.nodes = registry.require("", "nodes");
        this.pods = registry.require("", "pods");
        this.measurements = new NodeMeasurements(texts, clock);
    }

    public List<ComputedKind> kinds() {
        return List.of(new ComputedKind(NODE_METRICS, this::ofNodes), new ComputedKind(POD_METRICS, this::ofPods));
    }

    private List<CachedObject> ofNodes(String namespace, String name) {
        List<CachedObject> wanted = wanted(nodes, "", name);
        Map<String, MeasuredNode> measured =
                measure(wanted.stream().map(node -> node.key().name()).toList());
        List<CachedObject> found = new ArrayList<>();
        for (CachedObject node : wanted) {
            Optional.ofNullable(measured.get(node.key().name()))
                    .flatMap(at ->
                            at.node().map(amount -> object(node, NODES, at).<ObjectNode>set("usage", usage(amount))))
                    .ifPresent(tree -> found.add(MeasuredObject.of(NODES, "", tree)));
        }
        return found;
    }

    private List<CachedObject> ofPods(String namespace, String name) {
        List<CachedObject> wanted = wanted(pods, namespace, name).stream()
                .filter(pod ->
                        pod.tree().path("status").path("phase").asText("").equals("Running"))
                .toList();
        Map<String, MeasuredNode> measured = measure(wanted.stream()
                .map(MetricsKinds::nodeOf)
                .filter(node -> !node.isEmpty())
                .distinct()
                .toList());
        List<CachedObject> found = new ArrayList<>();
        for (CachedObject pod : wanted) {
            Optional.ofNullable(measured.get(nodeOf(pod)))
                    .flatMap(at -> pod(pod, at))
                    .ifPresent(
                            tree -> found.add(MeasuredObject.of(PODS, pod.key().namespace(), tree)));
        }
        return found;
    }

    private static String nodeOf(CachedObject pod) {
        return pod.tree().path("spec").path("nodeName").asText("");
    }

    /** Empty while nothing of the pod runs. */
    private static Optional<ObjectNode> pod(CachedObject pod, MeasuredNode at) {
        ObjectNode tree = object(pod, PODS, at);
        ArrayNode containers = tree.putArray("containers");
        for (JsonNode container : containers(pod.tree())) {
            Subject subject = new Subject(
                    pod.key().namespace(),
                    pod.key().name(),
                    container.path("name").asText());
            Optional.ofNullable(at.containers().get(subject)).ifPresent(amount -> containers
                    .addObject()
                    .put("name", subject.container())
                    .set("usage", usage(amount)));
        }
        return containers.isEmpty() ? Optional.empty() : Optional.of(tree);
    }

    private static List<JsonNode> containers(ObjectNode pod) {
        List<JsonNode> all = new ArrayList<>();
        pod.path("spec").path("containers").forEach(all::add);
        pod.path("spec").path("initContainers").forEach(all::add);
        return all;
    }

    private List<CachedObject> wanted(ResourceDefinition kind, String namespace, String name) {
        reads.awaitLatest(kind);
        return name.isEmpty()
                ? reads.list(kind, namespace).objects()
                : reads.cached(kind, namespace, name).stream().toList();
    }

    /** All at once: one node that does not answer holds up nobody else. */
    private Map<String, MeasuredNode> measure(List<String> names) {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<Optional<MeasuredNode>>> asked = names.stream()
                    .collect(Collectors.toMap(Function.identity(), node -> each.submit(() -> measurements.of(node))));
            return asked.entrySet().stream()
                    .filter(entry -> entry.getValue().state() != Future.State.FAILED)
                    .flatMap(entry -> result(entry.getValue()).map(at -> Map.entry(entry.getKey(), at)).stream())
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    private static Optional<MeasuredNode> result(Future<Optional<MeasuredNode>> future) {
        try {
            return future.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new IllegalStateException("a node cannot be measured", failed.getCause());
        }
    }

    private static ObjectNode object(CachedObject of, ResourceDefinition kind, MeasuredNode at) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("kind", kind.kind()).put("apiVersion", kind.apiVersion());
        String time = at.time().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode metadata = tree.putObject("metadata").put("name", of.key().name());
        if (kind.namespaced()) {
            metadata.put("namespace", of.key().namespace());
        }
        metadata.put("creationTimestamp", time);
        JsonNode labels = Meta.of(of.tree()).path("labels");
        if (!labels.isEmpty()) {
            metadata.set("labels", labels);
        }
        return tree.put("timestamp", time).put("window", text(at.window()));
    }

    private static ObjectNode usage(Amount amount) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cpu", amount.nanoCores() + "n")
                .put("memory", amount.memoryBytes() / KIBIBYTE + "Ki");
    }

    /** As Go writes a duration. */
    private static String text(Duration window) {
        return String.format(Locale.ROOT, "%.3fs", window.toMillis() / MILLIS);
    }
}
