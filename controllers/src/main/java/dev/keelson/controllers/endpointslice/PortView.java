package dev.keelson.controllers.endpointslice;

import dev.keelson.controllers.objects.Pods;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One port of a service on a pod.
 *
 * @param name the service port's name; empty for the only one
 * @param appProtocol empty for none
 */
record PortView(String name, String protocol, int port, String appProtocol) {

    /** The service's ports on one pod. A named target that no container of the pod has is left out for this pod only. */
    static List<PortView> of(Service service, Pod pod) {
        return ports(service)
                .flatMap(port -> number(port, pod)
                        .map(number -> new PortView(
                                Objects.requireNonNullElse(port.getName(), ""),
                                protocol(port.getProtocol()),
                                number,
                                Objects.requireNonNullElse(port.getAppProtocol(), "")))
                        .stream())
                .toList();
    }

    /**
     * The ports that pods of the service will have as far as the service alone tells; empty when a target is named. An empty
     * slice that carries them takes in the first endpoint by a single write.
     */
    static List<PortView> declared(Service service) {
        boolean named = ports(service)
                .anyMatch(port ->
                        port.getTargetPort() != null && port.getTargetPort().getStrVal() != null);
        return named ? List.of() : of(service, new Pod());
    }

    private static Stream<ServicePort> ports(Service service) {
        return service.getSpec().getPorts() == null ? Stream.empty() : service.getSpec().getPorts().stream();
    }

    private static Optional<Integer> number(ServicePort port, Pod pod) {
        IntOrString target = port.getTargetPort();
        if (target == null) {
            return Optional.of(port.getPort());
        }
        if (target.getIntVal() != null) {
            return Optional.of(target.getIntVal() == 0 ? port.getPort() : target.getIntVal());
        }
        return containers(pod)
                .flatMap(container -> container.getPorts().stream())
                .filter(one -> target.getStrVal().equals(one.getName()))
                .filter(one -> protocol(port.getProtocol()).equals(protocol(one.getProtocol())))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }

    /** Init containers that keep running (sidecars) may serve a port too. */
    private static Stream<Container> containers(Pod pod) {
        Stream<Container> sidecars =
                pod.getSpec().getInitContainers().stream().filter(init -> "Always".equals(init.getRestartPolicy()));
        return Stream.concat(pod.getSpec().getContainers().stream(), sidecars);
    }

    private static String protocol(String protocol) {
        return Objects.requireNonNullElse(protocol, "TCP");
    }

    /** Whether the pod can be an endpoint at all: it has an address and has not ended. */
    static boolean reachable(Pod pod) {
        return !Pods.ended(pod)
                && pod.getStatus() != null
                && pod.getStatus().getPodIP() != null
                && !pod.getStatus().getPodIP().isEmpty();
    }
}
