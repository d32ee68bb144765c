package dev.keelson.cni.bridge;

import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.Link;
import dev.keelson.linux.net.MacAddress;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Route;
import dev.keelson.linux.net.Rtnetlink;
import dev.keelson.linux.net.VethPair;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * The veth pair between a sandbox and the bridge.
 *
 * <p>The sandbox's address is a /32 and everything goes to the gateway, also packets to other pods: replies then pass
 * the host, which translates service addresses back, whether or not br_netfilter is on. Neighbour entries are set for
 * good on both sides and stations are pinned to their ports, so no first packet waits for ARP and no pod can take
 * another's packets by claiming its address. For the same reason nothing is flooded: what a pod sends to everybody, as
 * IPv6 does when a device comes up, would be work for every pod of the node, and a way to others past all rules.
 */
final class Cable {
    static final String INSIDE = "eth0";
    private static final Duration PORT_DEADLINE = Duration.ofSeconds(2);
    private static final Duration PORT_POLL = Duration.ofNanos(50_000);

    private final Rtnetlink host;
    private final Network network;
    private final Link bridge;

    Cable(Rtnetlink host, Network network, Link bridge) {
        this.host = host;
        this.network = network;
        this.bridge = bridge;
    }

    void plug(Sandbox sandbox, Ipv4 address) {
        String device = network.deviceOf(sandbox.id());
        MacAddress mac = MacAddress.derivedFrom(address);
        try (NetworkNamespace namespace = NetworkNamespace.open(sandbox.networkNamespace());
                Rtnetlink inside = Rtnetlink.open(namespace)) {
            if (!isPlugged(inside, device, mac)) {
                host.deleteLink(device);
                host.createVeth(new VethPair(device, INSIDE, mac, bridge.mtu(), namespace));
            }
            configureInside(inside, address);
        }
        configureOutside(device, address, mac);
        awaitForwarding(device);
    }

    /** Deletes both ends; the sandbox's namespace may be gone. */
    void unplug(SandboxId sandbox, Ipv4 address) {
        host.deleteLink(network.deviceOf(sandbox));
        host.deleteNeighbour(bridge, address);
    }

    private boolean isPlugged(Rtnetlink inside, String device, MacAddress mac) {
        return host.link(device).isPresent()
                && inside.link(INSIDE).filter(link -> link.mac().equals(mac)).isPresent();
    }

    private void configureInside(Rtnetlink inside, Ipv4 address) {
        inside.setUp(inside.requireLink("lo"));
        Link eth = inside.requireLink(INSIDE);
        inside.addAddress(eth, address, 32);
        inside.setUp(eth);
        inside.addNeighbour(eth, network.gateway(), MacAddress.derivedFrom(network.gateway()));
        inside.addRoute(Route.direct(Cidr.host(network.gateway()), eth.index()));
        inside.addRoute(Route.via(Cidr.EVERYTHING, network.gateway(), eth.index()));
    }

    private void configureOutside(String device, Ipv4 address, MacAddress mac) {
        Link port = host.requireLink(device);
        if (port.master() != bridge.index()) {
            host.setMaster(port, bridge);
        }
        host.setUp(port);
        host.configurePort(port, false, true, false);
        host.pinStation(port, mac);
        host.addNeighbour(bridge, address, mac);
    }

    /** The kernel opens a port from a work queue; a packet sent before is lost and repeated after a second. */
    private void awaitForwarding(String device) {
        long deadline = System.nanoTime() + PORT_DEADLINE.toNanos();
        while (!host.requireLink(device).portForwarding()) {
            if (System.nanoTime() > deadline) {
                throw new NetworkException(
                        NetworkException.Kind.TRANSIENT,
                        "bridge %s did not open port %s within %s".formatted(bridge.name(), device, PORT_DEADLINE));
            }
            LockSupport.parkNanos(PORT_POLL.toNanos());
        }
    }
}
