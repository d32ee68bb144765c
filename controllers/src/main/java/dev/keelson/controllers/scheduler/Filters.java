package dev.keelson.controllers.scheduler;

import dev.keelson.controllers.objects.Tolerations;
import dev.keelson.crds.model.Selectors;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The filters of the default profile, cheapest first. The wording is the Kubernetes scheduler's, which people search for. */
final class Filters {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

    static final List<FilterPlugin> DEFAULT = List.of(
            Filters::schedulable,
            Filters::ready,
            Filters::taints,
            Filters::nodeSelector,
            Filters::affinity,
            Filters::hostPorts,
            Filters::podCount,
            Filters::resources);

    private Filters() {}

    private static Optional<String> schedulable(PodRequest pod, NodeView node) {
        boolean tolerated =
                Tolerations.tolerates(pod.tolerations(), new Taint("NoSchedule", UNSCHEDULABLE, null, null));
        return rejectIf(node.unschedulable() && !tolerated, "node(s) were unschedulable");
    }

    private static Optional<String> ready(PodRequest pod, NodeView node) {
        boolean tolerated = Tolerations.tolerates(pod.tolerations(), new Taint("NoSchedule", NOT_READY, null, null));
        return rejectIf(!node.ready() && !tolerated, "node(s) were not ready");
    }

    private static Optional<String> taints(PodRequest pod, NodeView node) {
        return node.taints().stream()
                .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
                .filter(taint -> !Tolerations.tolerates(pod.tolerations(), taint))
                .findFirst()
                .map(taint -> "node(s) had untolerated taint {%s: %s}"
                        .formatted(taint.getKey(), Objects.requireNonNullElse(taint.getValue(), "")));
    }

    private static Optional<String> nodeSelector(PodRequest pod, NodeView node) {
        return rejectIf(
                !Selectors.allOf(pod.nodeSelector()).test(node.labels()),
                "node(s) didn't match Pod's node affinity/selector");
    }

    private static Optional<String> affinity(PodRequest pod, NodeView node) {
        boolean required = pod.nodeAffinity()
                .map(affinity -> affinity.getRequiredDuringSchedulingIgnoredDuringExecution())
                .map(selector -> NodeTerms.anyMatches(selector.getNodeSelectorTerms(), node))
                .orElse(true);
        return rejectIf(!required, "node(s) didn't match Pod's node affinity/selector");
    }

    private static Optional<String> hostPorts(PodRequest pod, NodeView node) {
        return rejectIf(
                pod.hostPorts().stream().anyMatch(node.hostPorts()::contains),
                "node(s) didn't have free ports for the requested pod ports");
    }

    /** A node that does not say how many pods it takes is not asked to keep to a number. */
    private static Optional<String> podCount(PodRequest pod, NodeView node) {
        boolean limited = node.allocatable().amounts().containsKey("pods");
        return rejectIf(limited && node.pods() >= node.allocatable().get("pods"), "Too many pods");
    }

    private static Optional<String> resources(PodRequest pod, NodeView node) {
        return pod.requests().amounts().entrySet().stream()
                .filter(wanted -> wanted.getValue() > 0)
                .filter(wanted -> wanted.getValue() > free(node, wanted.getKey()))
                .map(Map.Entry::getKey)
                .sorted()
                .findFirst()
                .map(name -> "Insufficient " + name);
    }

    private static long free(NodeView node, String resource) {
        return node.allocatable().get(resource) - node.requested().get(resource);
    }

    private static Optional<String> rejectIf(boolean rejected, String reason) {
        return rejected ? Optional.of(reason) : Optional.empty();
    }
}
