package dev.keelson.controllers.replicaset;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;
import static java.util.Comparator.reverseOrder;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * In which order surplus pods go: those that serve least first.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset">Scaling a
 *     ReplicaSet</a>
 */
final class DeletionOrder {
    private static final List<String> PHASES = List.of("Pending", "Unknown", "Running");

    private DeletionOrder() {}

    /** Sorts so that the first is the first to go. Equal pods are told apart by name, so plans are stable. */
    static List<PodView> of(List<PodView> pods) {
        Map<String, Long> onNode = pods.stream()
                .filter(pod -> !pod.node().isEmpty())
                .collect(Collectors.groupingBy(PodView::node, Collectors.counting()));
        return pods.stream().sorted(order(onNode)).toList();
    }

    private static Comparator<PodView> order(Map<String, Long> onNode) {
        return comparing((PodView pod) -> !pod.node().isEmpty())
                .thenComparingInt(pod -> PHASES.indexOf(pod.phase()))
                .thenComparing(PodView::ready)
                .thenComparingInt(PodView::deletionCost)
                // Where more replicas share a node, losing that node would cost more.
                .thenComparing(pod -> onNode.getOrDefault(pod.node(), 0L), reverseOrder())
                // The newest ready pods have the fewest connections and the coldest caches.
                .thenComparing(pod -> pod.readySince().orElse(Instant.EPOCH), reverseOrder())
                .thenComparing(comparingInt(PodView::restarts).reversed())
                .thenComparing(PodView::created, reverseOrder())
                .thenComparing(PodView::name);
    }
}
