package dev.keelson.controllers.scheduler;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;
import static java.util.Comparator.reverseOrder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Chooses a node for a pod: filters say which can, scores say which should. Equal inputs give equal plans. */
final class SchedulePlanner {
    private SchedulePlanner() {}

    static SchedulePlan plan(
            PodRequest pod, List<NodeView> nodes, List<FilterPlugin> filters, List<ScorePlugin> scores) {
        List<NodeView> feasible = new ArrayList<>();
        Map<String, Integer> rejections = new TreeMap<>();
        for (NodeView node : nodes) {
            firstRejection(pod, node, filters)
                    .ifPresentOrElse(reason -> rejections.merge(reason, 1, Integer::sum), () -> feasible.add(node));
        }
        return feasible.stream()
                .min(comparing((NodeView node) -> total(pod, node, scores), reverseOrder())
                        .thenComparing(comparingLong(NodeView::pods))
                        .thenComparing(NodeView::name))
                .<SchedulePlan>map(best -> new SchedulePlan.Bind(best.name()))
                .orElseGet(() -> new SchedulePlan.Unschedulable(message(nodes.size(), rejections)));
    }

    private static Optional<String> firstRejection(PodRequest pod, NodeView node, List<FilterPlugin> filters) {
        return filters.stream()
                .flatMap(filter -> filter.reject(pod, node).stream())
                .findFirst();
    }

    private static long total(PodRequest pod, NodeView node, List<ScorePlugin> scores) {
        return scores.stream()
                .mapToLong(plugin -> plugin.weight() * plugin.score(pod, node))
                .sum();
    }

    private static String message(int nodes, Map<String, Integer> rejections) {
        if (nodes == 0) {
            return "no nodes available to schedule pods";
        }
        return "0/%d nodes are available: %s."
                .formatted(
                        nodes,
                        rejections.entrySet().stream()
                                .map(one -> one.getValue() + " " + one.getKey())
                                .collect(Collectors.joining(", ")));
    }
}
