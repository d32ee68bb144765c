package dev.keelson.cni.service;

import dev.keelson.cni.service.ServiceRules.UdpDestination;
import dev.keelson.linux.net.Flow;
import dev.keelson.linux.net.Flow.SocketEnd;
import dev.keelson.linux.net.nft.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds remembered UDP connections that lead to an endpoint that is gone, or past a service that has endpoints by now.
 * UDP has no end, so a client that keeps sending would keep them alive for ever. Pure.
 */
final class StaleFlows {
    private StaleFlows() {}

    static List<Flow> among(List<Flow> flows, Map<UdpDestination, Set<SocketEnd>> udp) {
        return flows.stream()
                .filter(flow -> flow.protocol() == Protocol.UDP.number())
                .filter(flow -> targetsOf(flow, udp)
                        .filter(targets -> !targets.contains(flow.answeredBy()))
                        .isPresent())
                .toList();
    }

    private static Optional<Set<SocketEnd>> targetsOf(Flow flow, Map<UdpDestination, Set<SocketEnd>> udp) {
        int port = flow.destination().port();
        Optional<Set<SocketEnd>> ofAddress = Optional.ofNullable(
                udp.get(new UdpDestination(flow.destination().address(), port)));
        // A node port is only looked for where the connection was redirected: other addresses may use the same number.
        return ofAddress.or(() -> Optional.ofNullable(udp.get(new UdpDestination(UdpDestination.ANY, port)))
                .filter(targets -> flow.isRedirected()));
    }
}
