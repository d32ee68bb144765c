package dev.keelson.controllers.endpointslice;

import dev.keelson.controllers.objects.Pods;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Objects;

/**
 * A pod as an endpoint of one service.
 *
 * @param ready gets new connections
 * @param serving answers, whether or not it is about to go
 * @param terminating is about to go
 * @param hostname the pod's own DNS name below a headless service; empty for none
 * @param ports the service's ports as this pod has them
 */
record EndpointView(
        String address,
        String podName,
        String podUid,
        String namespace,
        String node,
        String hostname,
        boolean ready,
        boolean serving,
        boolean terminating,
        List<PortView> ports) {

    EndpointView {
        ports = List.copyOf(ports);
    }

    /**
     * Deletion makes an endpoint unready at once, while the pod still answers: only so can its traffic be led away
     * before its containers are told to stop (decision 0080).
     */
    static EndpointView of(Pod pod, String address, String serviceName, boolean publishNotReady, List<PortView> ports) {
        boolean ready = Pods.ready(pod);
        boolean terminating = Pods.terminating(pod);
        boolean inSubdomain = serviceName.equals(pod.getSpec().getSubdomain());
        return new EndpointView(
                address,
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                pod.getMetadata().getNamespace(),
                Pods.node(pod),
                inSubdomain ? Objects.requireNonNullElse(pod.getSpec().getHostname(), "") : "",
                publishNotReady || ready && !terminating,
                publishNotReady || ready,
                terminating,
                ports);
    }
}
