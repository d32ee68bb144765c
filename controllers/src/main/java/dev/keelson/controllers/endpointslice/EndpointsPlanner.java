package dev.keelson.controllers.endpointslice;

import static java.util.Comparator.comparing;

import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The legacy Endpoints form of a service's slices. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/services-networking/service/#endpoints">Endpoints</a>
 */
final class EndpointsPlanner {
    /** As Kubernetes truncates: readers of more use slices. */
    static final int MAX_ADDRESSES = 1000;

    private EndpointsPlanner() {}

    /** One subset for each set of ports; terminating pods, which this form cannot express, are left out. */
    static List<EndpointSubset> subsets(List<SliceView> slices) {
        return slices.stream()
                .filter(slice -> slice.addressType().equals("IPv4"))
                .collect(Collectors.groupingBy(
                        slice -> slice.ports().toString(), TreeMap::new, Collectors.toUnmodifiableList()))
                .values()
                .stream()
                .map(EndpointsPlanner::subset)
                .filter(subset -> !subset.getAddresses().isEmpty()
                        || !subset.getNotReadyAddresses().isEmpty())
                .toList();
    }

    private static EndpointSubset subset(List<SliceView> samePorts) {
        return new EndpointSubsetBuilder()
                .withAddresses(addresses(samePorts, EndpointView::ready))
                .withNotReadyAddresses(addresses(samePorts, endpoint -> !endpoint.ready() && !endpoint.terminating()))
                .withPorts(samePorts.getFirst().ports().stream()
                        .map(EndpointsPlanner::port)
                        .toList())
                .build();
    }

    private static List<EndpointAddress> addresses(List<SliceView> slices, Predicate<EndpointView> which) {
        Stream<EndpointView> endpoints =
                slices.stream().flatMap(slice -> slice.endpoints().stream()).filter(which);
        return endpoints
                .sorted(comparing(EndpointView::address))
                .limit(MAX_ADDRESSES)
                .map(EndpointsPlanner::address)
                .toList();
    }

    private static EndpointAddress address(EndpointView endpoint) {
        return new EndpointAddressBuilder()
                .withIp(endpoint.address())
                .withNodeName(endpoint.node().isEmpty() ? null : endpoint.node())
                .withHostname(endpoint.hostname().isEmpty() ? null : endpoint.hostname())
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(endpoint.namespace())
                .withName(endpoint.podName())
                .withUid(endpoint.podUid())
                .endTargetRef()
                .build();
    }

    private static EndpointPort port(PortView port) {
        return new EndpointPortBuilder()
                .withName(port.name().isEmpty() ? null : port.name())
                .withProtocol(port.protocol())
                .withPort(port.port())
                .withAppProtocol(port.appProtocol().isEmpty() ? null : port.appProtocol())
                .build();
    }
}
