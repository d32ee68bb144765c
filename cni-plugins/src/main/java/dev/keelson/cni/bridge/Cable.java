package dev.keelson.cni.bridge;

import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Errno;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.Link;
import dev.keelson.linux.net.LinkChanges;
import dev.keelson.linux.net.MacAddress;
import dev.keelson.linux.net.NetlinkException;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Route;
import dev.keelson.linux.net.Rtnetlink;
import dev.keelson.linux.net.VethPair;
import java.time.Duration;
import java.util.Optional;
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
            lay(new VethPair(device, INSIDE, mac, bridge.mtu(), namespace, Optional.of(bridge)), inside);
            configureInside(inside, address);
        }
        configureOutside(device, address, mac);
        awaitForwarding(device);
    }

    private void lay(VethPair pair, Rtnetlink inside) {
        try {
            host.createVeth(pair);
        } catch (NetlinkException failure) {
            if (failure.errno() != Errno.EEXIST) {
                throw failure;
            }
            if (!isPlugged(inside, pair)) {
                host.deleteLink(pair.name());
                host.createVeth(pair);
            }
        }
    }

    /** Deletes both ends; the sandbox's namespace may be gone. */
    void unplug(SandboxId sandbox, Ipv4 address) {
        host.deleteLink(network.deviceOf(sandbox));
        host.deleteNeighbour(bridge, address);
    }

    private boolean isPlugged(Rtnetlink inside, VethPair pair) {
        return host.link(pair.name()).isPresent()
                && inside.link(INSIDE)
                        .filter(link -> link.mac().equals(pair.peerMac()))
                        .isPresent();
    }

    private void configureInside(Rtnetlink inside, Ipv4 address) {
        Link eth = inside.requireLink(INSIDE);
        inside.apply(new LinkChanges()
                .setUp(inside.requireLink("lo"))
                .addAddress(eth, address, 32)
                .setUp(eth)
                .addNeighbour(eth, network.gateway(), MacAddress.derivedFrom(network.gateway()))
                .addRoute(Route.direct(Cidr.host(network.gateway()), eth.index()))
                .addRoute(Route.via(Cidr.EVERYTHING, network.gateway(), eth.index())));
    }

    private void configureOutside(String device, Ipv4 address, MacAddress mac) {
        Link port = host.requireLink(device);
        LinkChanges changes = new LinkChanges();
        if (port.master() != bridge.index()) {
            changes.setMaster(port, bridge);
        }
        host.apply(changes.configurePort(port, false, true, false)
                .pinStation(port, mac)
                .setUp(port)
                .addNeighbour(bridge, address, mac));
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
