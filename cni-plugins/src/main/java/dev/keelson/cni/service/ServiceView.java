package dev.keelson.cni.service;

import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What packets and names need to know of a Service.
 *
 * @param clusterIps IPv4 addresses that stand for the service; none for headless and ExternalName ones
 * @param externalName what an ExternalName service is an alias of
 * @param affinity for how long a client stays with the endpoint it got first; empty for no such wish
 * @param internalLocal whether cluster addresses lead only to endpoints on the same node
 * @param externalLocal whether node ports lead only to endpoints on the same node
 * @param publishNotReady whether endpoints count as ready however they are
 */
public record ServiceView(
        ServiceName name,
        List<Ipv4> clusterIps,
        Optional<String> externalName,
        List<Port> ports,
        Optional<Duration> affinity,
        boolean internalLocal,
        boolean externalLocal,
        boolean publishNotReady) {

    /** @param nodePort port of every node that leads here, 0 for none */
    public record Port(String name, Protocol protocol, int port, int nodePort) {}

    public ServiceView {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
    }

    public boolean isHeadless() {
        return clusterIps.isEmpty() && externalName.isEmpty();
    }
}
