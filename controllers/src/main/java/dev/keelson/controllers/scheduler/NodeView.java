package dev.keelson.controllers.scheduler;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A node and what is on it.
 *
 * @param requested what the pods on it, including those just assigned, occupy
 * @param replicasByOwner how many pods of each owner are on it
 */
record NodeView(
        String name,
        boolean ready,
        boolean unschedulable,
        Map<String, String> labels,
        List<Taint> taints,
        Resources allocatable,
        Resources requested,
        int pods,
        Map<String, Long> replicasByOwner,
        Set<String> hostPorts) {

    static NodeView of(Node node, List<Pod> pods) {
        List<PodRequest> requests = pods.stream().map(PodRequest::of).toList();
        return new NodeView(
                node.getMetadata().getName(),
                isReady(node),
                Boolean.TRUE.equals(
                        node.getSpec() == null ? null : node.getSpec().getUnschedulable()),
                Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()),
                node.getSpec() == null || node.getSpec().getTaints() == null
                        ? List.of()
                        : List.copyOf(node.getSpec().getTaints()),
                Resources.of(node.getStatus() == null ? null : node.getStatus().getAllocatable()),
                requests.stream().map(PodRequest::requests).reduce(Resources.NONE, Resources::plus),
                requests.size(),
                requests.stream().collect(Collectors.groupingBy(PodRequest::ownerUid, Collectors.counting())),
                requests.stream()
                        .flatMap(request -> request.hostPorts().stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    static boolean isReady(Node node) {
        List<NodeCondition> conditions =
                node.getStatus() == null ? List.of() : node.getStatus().getConditions();
        return conditions.stream().anyMatch(one -> "Ready".equals(one.getType()) && "True".equals(one.getStatus()));
    }
}
