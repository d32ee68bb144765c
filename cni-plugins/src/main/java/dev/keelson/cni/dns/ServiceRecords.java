package dev.keelson.cni.dns;

import dev.keelson.cni.service.ServiceView;
import dev.keelson.cni.service.SliceView;
import dev.keelson.cni.service.SliceView.EndpointView;
import dev.keelson.linux.net.Ipv4;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The records of one Service. Pure. */
final class ServiceRecords {
    private static final int TOTAL_WEIGHT = 100;

    private final DnsQuestion question;
    private final ServiceView service;
    private final List<SliceView> slices;
    private final String serviceName;

    ServiceRecords(DnsQuestion question, DnsSnapshot snapshot, ServiceView service) {
        this.question = question;
        this.service = service;
        this.slices = snapshot.services().slicesOf(service.name());
        this.serviceName = nameOf(service, snapshot.domain());
    }

    static String nameOf(ServiceView service, String domain) {
        return "%s.%s.svc.%s".formatted(service.name().name(), service.name().namespace(), domain);
    }

    /** The endpoint's name below its service's: its hostname, or its address with dashes. */
    static String labelOf(EndpointView endpoint) {
        return endpoint.hostname()
                .map(hostname -> hostname.toLowerCase(Locale.ROOT))
                .orElseGet(() -> endpoint.addresses().getFirst().toString().replace('.', '-'));
    }

    /** Addresses, or all ports when SRV is asked for. */
    DnsReply ofService() {
        List<DnsRecord> answers = new ArrayList<>();
        List<DnsRecord> additional = new ArrayList<>();
        if (question.asks(RecordType.A)) {
            Stream<Ipv4> addresses = service.isHeadless()
                    ? published().flatMap(endpoint -> endpoint.addresses().stream())
                    : service.clusterIps().stream();
            addresses.distinct().sorted().forEach(address -> answers.add(new DnsRecord.A(question.name(), address)));
        }
        if (question.type() == RecordType.SRV) {
            service.ports().forEach(port -> addPort(port, answers, additional));
        }
        return new DnsReply(DnsReply.Code.NO_ERROR, answers, List.of(), additional);
    }

    boolean hasProtocol(String protocolLabel) {
        return service.ports().stream().anyMatch(port -> label(port).equals(protocolLabel));
    }

    boolean hasPort(String portLabel, String protocolLabel) {
        return service.ports().stream().anyMatch(port -> isNamed(port, portLabel, protocolLabel));
    }

    DnsReply ofPort(String portLabel, String protocolLabel) {
        List<DnsRecord> answers = new ArrayList<>();
        List<DnsRecord> additional = new ArrayList<>();
        if (question.asks(RecordType.SRV)) {
            service.ports().stream()
                    .filter(port -> isNamed(port, portLabel, protocolLabel))
                    .forEach(port -> addPort(port, answers, additional));
        }
        return new DnsReply(DnsReply.Code.NO_ERROR, answers, List.of(), additional);
    }

    boolean hasEndpoint(String label) {
        return published().anyMatch(endpoint -> labelOf(endpoint).equals(label));
    }

    DnsReply ofEndpoint(String label) {
        return DnsReply.of(
                question.asks(RecordType.A)
                        ? published()
                                .filter(endpoint -> labelOf(endpoint).equals(label))
                                .flatMap(endpoint -> endpoint.addresses().stream())
                                .distinct()
                                .sorted()
                                .map(address -> new DnsRecord.A(question.name(), address))
                                .toList()
                        : List.of());
    }

    private void addPort(ServiceView.Port port, List<DnsRecord> answers, List<DnsRecord> additional) {
        if (!service.isHeadless()) {
            answers.add(new DnsRecord.Srv(question.name(), TOTAL_WEIGHT, port.port(), serviceName));
            service.clusterIps().stream()
                    .map(address -> new DnsRecord.A(serviceName, address))
                    .filter(record -> !additional.contains(record))
                    .forEach(additional::add);
            return;
        }
        for (SliceView slice : slices) {
            slice.ports().stream()
                    .filter(candidate ->
                            candidate.name().equals(port.name()) && candidate.protocol() == port.protocol())
                    .forEach(candidate -> addEndpoints(slice, candidate.port(), answers, additional));
        }
    }

    private void addEndpoints(SliceView slice, int port, List<DnsRecord> answers, List<DnsRecord> additional) {
        int weight = Math.max(1, TOTAL_WEIGHT / Math.max(1, (int) published().count()));
        slice.endpoints().stream()
                .filter(this::isPublished)
                .sorted(Comparator.comparing(ServiceRecords::labelOf))
                .forEach(endpoint -> {
                    String target = labelOf(endpoint) + "." + serviceName;
                    answers.add(new DnsRecord.Srv(question.name(), weight, port, target));
                    endpoint.addresses().forEach(address -> additional.add(new DnsRecord.A(target, address)));
                });
    }

    private Stream<EndpointView> published() {
        return slices.stream().flatMap(slice -> slice.endpoints().stream()).filter(this::isPublished);
    }

    private boolean isPublished(EndpointView endpoint) {
        return endpoint.ready() || service.publishNotReady();
    }

    private static boolean isNamed(ServiceView.Port port, String portLabel, String protocolLabel) {
        return !port.name().isEmpty()
                && ("_" + port.name()).equals(portLabel)
                && label(port).equals(protocolLabel);
    }

    private static String label(ServiceView.Port port) {
        return "_" + port.protocol().name().toLowerCase(Locale.ROOT);
    }
}
