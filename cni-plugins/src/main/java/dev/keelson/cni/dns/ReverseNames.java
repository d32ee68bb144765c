package dev.keelson.cni.dns;

import dev.keelson.linux.net.Ipv4;
import java.util.List;

/** Finds the names of an address: of the service it stands for, or of the endpoints that have it. Pure. */
final class ReverseNames {
    private ReverseNames() {}

    static List<String> of(Ipv4 address, DnsSnapshot snapshot) {
        List<String> services = snapshot.services().services().values().stream()
                .filter(service -> service.clusterIps().contains(address))
                .map(service -> ServiceRecords.nameOf(service, snapshot.domain()))
                .sorted()
                .toList();
        return services.isEmpty() ? endpoints(address, snapshot) : services;
    }

    private static List<String> endpoints(Ipv4 address, DnsSnapshot snapshot) {
        return snapshot.services().services().values().stream()
                .flatMap(service -> snapshot.services().slicesOf(service.name()).stream()
                        .flatMap(slice -> slice.endpoints().stream())
                        .filter(endpoint ->
                                endpoint.ready() && endpoint.addresses().contains(address))
                        .map(endpoint -> ServiceRecords.labelOf(endpoint)
                                + "."
                                + ServiceRecords.nameOf(service, snapshot.domain())))
                .distinct()
                .sorted()
                .toList();
    }
}
