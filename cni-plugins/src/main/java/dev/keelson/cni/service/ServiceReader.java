package dev.keelson.cni.service;

import dev.keelson.cni.service.SliceView.EndpointView;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.SessionAffinityConfig;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads Services and EndpointSlices into records. What this node cannot use (IPv6 addresses, unknown protocols) is left
 * out; defaults are those of the API (core/v1 Service, discovery.k8s.io/v1 EndpointSlice).
 */
public final class ServiceReader {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;

    private ServiceReader() {}

    public static ServiceState read(List<Service> services, List<EndpointSlice> slices) {
        return ServiceState.of(
                services.stream()
                        .filter(service -> service.getSpec() != null)
                        .map(ServiceReader::read)
                        .toList(),
                slices.stream()
                        .map(ServiceReader::read)
                        .flatMap(Optional::stream)
                        .toList());
    }

    private static ServiceView read(Service service) {
        ServiceSpec spec = service.getSpec();
        boolean external = "ExternalName".equals(spec.getType());
        return new ServiceView(
                new ServiceName(
                        service.getMetadata().getNamespace(),
                        service.getMetadata().getName()),
                external ? List.of() : clusterIps(spec),
                external ? externalName(spec) : Optional.empty(),
                list(spec.getPorts())
                        .map(ServiceReader::read)
                        .flatMap(Optional::stream)
                        .toList(),
                affinity(spec),
                "Local".equals(spec.getInternalTrafficPolicy()),
                "Local".equals(spec.getExternalTrafficPolicy()),
                Boolean.TRUE.equals(spec.getPublishNotReadyAddresses()));
    }

    private static List<Ipv4> clusterIps(ServiceSpec spec) {
        return Stream.concat(Stream.ofNullable(spec.getClusterIP()), list(spec.getClusterIPs()))
                .distinct()
                .filter(Ipv4::isIpv4)
                .map(Ipv4::parse)
                .toList();
    }

    private static Optional<String> externalName(ServiceSpec spec) {
        return Optional.ofNullable(spec.getExternalName())
                .map(name -> name.endsWith(".") ? name.substring(0, name.length() - 1) : name)
                .filter(Predicate.not(String::isEmpty));
    }

    private static Optional<ServiceView.Port> read(ServicePort port) {
        return protocol(port.getProtocol())
                .map(protocol -> new ServiceView.Port(
                        text(port.getName()), protocol, number(port.getPort()), number(port.getNodePort())))
                .filter(view -> isPort(view.port()));
    }

    private static Optional<Duration> affinity(ServiceSpec spec) {
        if (!"ClientIP".equals(spec.getSessionAffinity())) {
            return Optional.empty();
        }
        int seconds = Optional.ofNullable(spec.getSessionAffinityConfig())
                .map(SessionAffinityConfig::getClientIP)
                .map(clientIp -> clientIp.getTimeoutSeconds())
                .orElse(DEFAULT_AFFINITY_SECONDS);
        return Optional.of(Duration.ofSeconds(seconds));
    }

    private static Optional<SliceView> read(EndpointSlice slice) {
        boolean usable = slice.getMetadata().getLabels() != null
                && slice.getMetadata().getLabels().containsKey(SERVICE_LABEL)
                && "IPv4".equals(slice.getAddressType());
        if (!usable) {
            return Optional.empty();
        }
        ServiceName service = new ServiceName(
                slice.getMetadata().getNamespace(),
                slice.getMetadata().getLabels().get(SERVICE_LABEL));
        return Optional.of(new SliceView(
                service,
                list(slice.getPorts())
                        .map(ServiceReader::read)
                        .flatMap(Optional::stream)
                        .toList(),
                list(slice.getEndpoints())
                        .map(ServiceReader::read)
                        .filter(endpoint -> !endpoint.addresses().isEmpty())
                        .toList()));
    }

    private static Optional<SliceView.Port> read(EndpointPort port) {
        return protocol(port.getProtocol())
                .map(protocol -> new SliceView.Port(text(port.getName()), protocol, number(port.getPort())))
                .filter(view -> isPort(view.port()));
    }

    private static EndpointView read(Endpoint endpoint) {
        Optional<EndpointConditions> conditions = Optional.ofNullable(endpoint.getConditions());
        boolean ready = conditions.map(EndpointConditions::getReady).orElse(true);
        return new EndpointView(
                list(endpoint.getAddresses())
                        .filter(Ipv4::isIpv4)
                        .map(Ipv4::parse)
                        .toList(),
                Optional.ofNullable(endpoint.getTargetRef()).map(ObjectReference::getUid),
                Optional.ofNullable(endpoint.getHostname()).filter(Predicate.not(String::isEmpty)),
                Optional.ofNullable(endpoint.getNodeName()),
                ready,
                conditions.map(EndpointConditions::getServing).orElse(ready),
                conditions.map(EndpointConditions::getTerminating).orElse(false));
    }

    private static Optional<Protocol> protocol(String name) {
        String wanted = name == null || name.isEmpty() ? "TCP" : name;
        return Stream.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)
                .filter(protocol -> protocol.name().equals(wanted))
                .findFirst();
    }

    private static boolean isPort(int number) {
        return number >= 1 && number <= 65535;
    }

    private static <T> Stream<T> list(List<T> values) {
        return values == null ? Stream.empty() : values.stream();
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static int number(Integer value) {
        return value == null ? 0 : value;
    }
}
