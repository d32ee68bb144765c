package dev.keelson.controllers.scheduler;

import dev.keelson.controllers.objects.Owners;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a pod asks of a node.
 *
 * @param ownerUid whose replica it is; empty for nobody's
 * @param hostPorts {@code protocol/port} that it needs on the node itself
 */
record PodRequest(
        String name,
        String ownerUid,
        Resources requests,
        Map<String, String> nodeSelector,
        Optional<NodeAffinity> nodeAffinity,
        List<Toleration> tolerations,
        Set<String> hostPorts) {

    static PodRequest of(Pod pod) {
        var spec = pod.getSpec();
        return new PodRequest(
                pod.getMetadata().getName(),
                Owners.controller(pod).map(OwnerReference::getUid).orElse(""),
                Resources.requestedBy(pod),
                Objects.requireNonNullElse(spec.getNodeSelector(), Map.of()),
                Optional.ofNullable(spec.getAffinity()).map(affinity -> affinity.getNodeAffinity()),
                Objects.requireNonNullElse(spec.getTolerations(), List.of()),
                hostPorts(pod));
    }

    static Set<String> hostPorts(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container ->
                        container.getPorts() == null ? Stream.<ContainerPort>empty() : container.getPorts().stream())
                .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
                .map(port -> Objects.requireNonNullElse(port.getProtocol(), "TCP") + "/" + port.getHostPort())
                .collect(Collectors.toUnmodifiableSet());
    }
}
