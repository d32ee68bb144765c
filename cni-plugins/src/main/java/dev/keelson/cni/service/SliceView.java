package dev.keelson.cni.service;

import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.util.List;
import java.util.Optional;

/** Some endpoints of a Service, all with the same ports (discovery.k8s.io/v1 EndpointSlice). */
public record SliceView(ServiceName service, List<Port> ports, List<EndpointView> endpoints) {

    /** @param name of the Service's port that this one serves */
    public record Port(String name, Protocol protocol, int port) {}

    /**
     * One endpoint.
     *
     * @param podUid empty when no pod stands behind it
     * @param hostname empty when it has no name of its own below the service's
     * @param node empty when unknown
     * @param ready may get new connections
     * @param serving would answer, whether it is terminating or not
     */
    public record EndpointView(
            List<Ipv4> addresses,
            Optional<String> podUid,
            Optional<String> hostname,
            Optional<String> node,
            boolean ready,
            boolean serving,
            boolean terminating) {
        public EndpointView {
            addresses = List.copyOf(addresses);
        }

        EndpointView withdrawn() {
            return new EndpointView(addresses, podUid, hostname, node, false, serving, true);
        }
    }

    public SliceView {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }
}
