package dev.keelson.cni.bridge;

import dev.keelson.cni.driver.Endpoint;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkDriver;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.cni.ipam.Ipam;
import dev.keelson.cni.ipam.Lease;
import dev.keelson.linux.net.Errno;
import dev.keelson.linux.net.Link;
import dev.keelson.linux.net.NetlinkException;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Rtnetlink;
import dev.keelson.linux.net.nft.Nftables;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Sandboxes on a Linux bridge of the node, one bridge and one nftables table per network, with outbound NAT and host
 * ports. Thread-safe; sandboxes are connected in parallel.
 */
public final class BridgeDriver implements NetworkDriver, AutoCloseable {
    private static final Logger LOG = System.getLogger(BridgeDriver.class.getName());

    private final Path state;
    private final Rtnetlink links;
    private final Nftables nftables;
    private final BridgeHost host;
    private final Map<Network, Ipam> addresses = new ConcurrentHashMap<>();
    private final Map<Network, Link> bridges = new ConcurrentHashMap<>();

    /**
     * @param host namespace that the bridge stands in, in production the agent's own
     * @param state directory for the leases
     */
    public BridgeDriver(NetworkNamespace host, Path state) {
        this.state = state;
        this.links = Rtnetlink.open(host);
        this.nftables = Nftables.open(host);
        this.host = new BridgeHost(host, links);
    }

    @Override
    public String kind() {
        return "bridge";
    }

    /** The host's device that packets of the network's pods come in by. */
    public String bridge(Network network) {
        return BridgeRules.bridge(network);
    }

    @Override
    public void createNetwork(Network network) {
        translated(() -> {
            Link bridge = host.ensure(network);
            bridges.put(network, bridge);
            removePortsWithoutLease(network, bridge);
            applyRules(network, ipam(network).leases());
            warnOfForeignPolicies();
            return network;
        });
    }

    private void warnOfForeignPolicies() {
        for (String table : nftables.tablesThatDropForwarded()) {
            LOG.log(
                    Level.WARNING,
                    "forwarding is dropped by another table table={0} effect=\"pods may not reach the world\" "
                            + "remedy=\"accept packets from and to devices {1}* in its forward chain\"",
                    table,
                    BridgeRules.BRIDGE_PREFIX);
        }
    }

    @Override
    public void deleteNetwork(Network network) {
        translated(() -> {
            Ipam ipam = ipam(network);
            ipam.leases().forEach(lease -> {
                links.deleteLink(network.deviceOf(lease.sandbox()));
                ipam.release(lease.sandbox());
            });
            String name = BridgeRules.bridge(network);
            links.link(name).ifPresent(bridge -> removePortsWithoutLease(network, bridge));
            links.deleteLink(name);
            nftables.deleteTable(BridgeRules.table(network));
            bridges.remove(network);
            return network;
        });
    }

    @Override
    public Endpoint reserve(Network network, Sandbox sandbox) {
        return translated(() -> ipam(network).acquire(sandbox).endpoint());
    }

    @Override
    public Endpoint connect(Network network, Sandbox sandbox) {
        return translated(() -> {
            Lease lease = ipam(network).acquire(sandbox);
            cable(network).plug(sandbox, lease.address());
            if (!lease.ports().isEmpty()) {
                applyRules(network, ipam(network).leases());
            }
            return lease.endpoint();
        });
    }

    @Override
    public void disconnect(Network network, SandboxId sandbox) {
        translated(() -> {
            ipam(network).lease(sandbox).ifPresent(lease -> disconnect(network, lease));
            return sandbox;
        });
    }

    /** The address goes last: until then nobody else may get it, whatever happens to this process. */
    private void disconnect(Network network, Lease lease) {
        if (!lease.ports().isEmpty()) {
            List<Lease> others = ipam(network).leases().stream()
                    .filter(other -> !other.equals(lease))
                    .toList();
            applyRules(network, others);
        }
        cable(network).unplug(lease.sandbox(), lease.address());
        ipam(network).release(lease.sandbox());
    }

    /** Ports that nobody answers for: their sandboxes' leases went with an earlier data directory. */
    private void removePortsWithoutLease(Network network, Link bridge) {
        Set<String> known = ipam(network).leases().stream()
                .map(lease -> network.deviceOf(lease.sandbox()))
                .collect(Collectors.toSet());
        links.links().stream()
                .filter(link -> link.master() == bridge.index() && !known.contains(link.name()))
                .forEach(link -> links.deleteLink(link.name()));
    }

    @Override
    public List<Endpoint> endpoints(Network network) {
        return ipam(network).leases().stream().map(Lease::endpoint).toList();
    }

    private synchronized void applyRules(Network network, List<Lease> leases) {
        nftables.apply(BridgeRules.plan(network, leases));
    }

    private Cable cable(Network network) {
        return new Cable(links, network, bridges.computeIfAbsent(network, host::ensure));
    }

    private Ipam ipam(Network network) {
        return addresses.computeIfAbsent(
                network, unused -> new Ipam(state.resolve(network.name()).resolve("leases"), network.addresses()));
    }

    private static <T> T translated(Supplier<T> work) {
        try {
            return work.get();
        } catch (NetlinkException failure) {
            boolean taken = failure.errno() == Errno.EEXIST;
            throw new NetworkException(
                    taken ? NetworkException.Kind.CONFLICT : NetworkException.Kind.TRANSIENT,
                    failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void close() {
        links.close();
        nftables.close();
    }
}
