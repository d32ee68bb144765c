package dev.keelson.cni.service;

import dev.keelson.linux.net.Flow.SocketEnd;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Ruleset;
import java.util.Map;
import java.util.Set;

/**
 * What this node should do with packets to services.
 *
 * @param ruleset content of the cluster's service table
 * @param udp for every UDP destination of a service, where its packets may go: a connection that the host remembers
 *     and that leads elsewhere is stale
 */
public record ServiceRules(Ruleset ruleset, Map<UdpDestination, Set<SocketEnd>> udp) {

    /** @param address empty-standing 0.0.0.0 for a node port, which is at every address of the node */
    public record UdpDestination(Ipv4 address, int port) {
        public static final Ipv4 ANY = new Ipv4(0);
    }

    public ServiceRules {
        udp = Map.copyOf(udp);
    }
}
