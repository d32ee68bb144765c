package dev.keelson.cni.dns;

import dev.keelson.cni.service.ServiceState;
import dev.keelson.linux.net.Cidr;
import java.util.List;

/**
 * All that answers depend on.
 *
 * @param domain the cluster's suffix, such as {@code cluster.local}
 * @param ranges address ranges whose reverse names the cluster answers for
 */
public record DnsSnapshot(String domain, List<Cidr> ranges, ServiceState services) {
    public DnsSnapshot {
        ranges = List.copyOf(ranges);
    }

    DnsSnapshot with(ServiceState state) {
        return new DnsSnapshot(domain, ranges, state);
    }
}
