package dev.keelson.controllers.endpointslice;

import dev.keelson.controllers.objects.Owners;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Between the planner's slices and the API's. */
final class SliceMapping {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final String HEADLESS = "service.kubernetes.io/headless";

    private SliceMapping() {}

    static EndpointSlice toApi(SliceView slice, Service service, Optional<EndpointSlice> before) {
        return new EndpointSliceBuilder(before.orElseGet(EndpointSlice::new))
                .editOrNewMetadata()
                .withNamespace(service.getMetadata().getNamespace())
                .withName(slice.name())
                .withLabels(labels(service))
                .withOwnerReferences(Owners.controllerReference(service))
                .endMetadata()
                .withAddressType(slice.addressType())
                .withPorts(slice.ports().stream().map(SliceMapping::port).toList())
                .withEndpoints(
                        slice.endpoints().stream().map(SliceMapping::endpoint).toList())
                .build();
    }

    static Map<String, String> labels(Service service) {
        Map<String, String> labels =
                new TreeMap<>(Objects.requireNonNullElse(service.getMetadata().getLabels(), Map.of()));
        labels.put(SERVICE_NAME, service.getMetadata().getName());
        labels.put(MANAGED_BY, MANAGER);
        if ("None".equals(service.getSpec().getClusterIP())) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }

    private static EndpointPort port(PortView port) {
        return new EndpointPortBuilder()
                .withName(port.name())
                .withProtocol(port.protocol())
                .withPort(port.port())
                .withAppProtocol(port.appProtocol().isEmpty() ? null : port.appProtocol())
                .build();
    }

    private static Endpoint endpoint(EndpointView view) {
        return new EndpointBuilder()
                .withAddresses(view.address())
                .withNewConditions()
                .withReady(view.ready())
                .withServing(view.serving())
                .withTerminating(view.terminating())
                .endConditions()
                .withNodeName(view.node().isEmpty() ? null : view.node())
                .withHostname(view.hostname().isEmpty() ? null : view.hostname())
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(view.namespace())
                .withName(view.podName())
                .withUid(view.podUid())
                .endTargetRef()
                .build();
    }

    static SliceView toView(EndpointSlice slice) {
        List<PortView> ports = slice.getPorts().stream()
                .map(port -> new PortView(
                        orEmpty(port.getName()),
                        orEmpty(port.getProtocol()),
                        port.getPort(),
                        orEmpty(port.getAppProtocol())))
                .toList();
        return new SliceView(
                slice.getMetadata().getName(),
                slice.getAddressType(),
                ports,
                slice.getEndpoints().stream().map(one -> view(one, ports)).toList());
    }

    private static EndpointView view(Endpoint endpoint, List<PortView> ports) {
        var target = Optional.ofNullable(endpoint.getTargetRef());
        var conditions = Optional.ofNullable(endpoint.getConditions());
        return new EndpointView(
                String.join(",", endpoint.getAddresses()),
                target.map(ref -> orEmpty(ref.getName())).orElse(""),
                target.map(ref -> orEmpty(ref.getUid())).orElse(""),
                target.map(ref -> orEmpty(ref.getNamespace())).orElse(""),
                orEmpty(endpoint.getNodeName()),
                orEmpty(endpoint.getHostname()),
                conditions.map(one -> Boolean.TRUE.equals(one.getReady())).orElse(false),
                conditions.map(one -> Boolean.TRUE.equals(one.getServing())).orElse(false),
                conditions.map(one -> Boolean.TRUE.equals(one.getTerminating())).orElse(false),
                ports);
    }

    private static String orEmpty(String text) {
        return Objects.requireNonNullElse(text, "");
    }
}
