package dev.keelson.node.network;

import dev.keelson.cni.bridge.BridgeDriver;
import dev.keelson.cni.dns.DnsServer;
import dev.keelson.cni.dns.HostUpstream;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.service.ServiceProxy;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.NetlinkException;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.node.AgentConfig;
import dev.keelson.node.NodeException;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * All that packets of this node's pods need: the bridge with its addresses, the rules for services, and the cluster's
 * name server. What is in the kernel stays when the agent ends and is taken over by the next one.
 */
public final class PodNetworkStack implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PodNetworkStack.class.getName());
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    /** Stands in where a network is only removed: the names of what belongs to it do not depend on its ranges. */
    private static final Cidr ANY_PODS = Cidr.parse("10.0.0.0/24");

    private static final Cidr ANY_SERVICES = Cidr.parse("10.1.0.0/24");

    private final BridgeDriver driver;
    private final CnmNetworkSandbox sandboxes;
    private final ServiceProxy services;
    private final DnsServer names;

    private PodNetworkStack(BridgeDriver driver, CnmNetworkSandbox sandboxes, ServiceProxy services, DnsServer names) {
        this.driver = driver;
        this.sandboxes = sandboxes;
        this.services = services;
        this.names = names;
    }

    /**
     * Brings the network up, or takes over what an earlier agent left. Fails with {@link NodeException}; trying again
     * makes sense when its kind is {@code TRANSIENT} or {@code CONFLICT}.
     *
     * @param podCidr the node's range, {@code spec.podCIDR} of its Node
     */
    public static PodNetworkStack start(AgentConfig config, String podCidr) {
        return start(NetworkNamespace.current(), config, podCidr);
    }

    static PodNetworkStack start(NetworkNamespace host, AgentConfig config, String podCidr) {
        try {
            Network network =
                    Network.ofCluster(config.clusterName(), Cidr.parse(podCidr), Cidr.parse(config.serviceCidr()));
            return start(host, config, network);
        } catch (IllegalArgumentException invalid) {
            throw new NodeException(
                    NodeException.Kind.INVALID, "NetworkNotReady", "node network: " + invalid.getMessage(), invalid);
        } catch (NetworkException | NetlinkException | UnknownHostException refused) {
            throw new NodeException(
                    NodeException.Kind.TRANSIENT, "NetworkNotReady", "node network: " + refused.getMessage(), refused);
        }
    }

    /** Either everything is up or nothing of this process stays open: starting is repeated until it works. */
    private static PodNetworkStack start(NetworkNamespace host, AgentConfig config, Network network)
            throws UnknownHostException {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        boolean up = false;
        try {
            BridgeDriver driver = new BridgeDriver(host, state(config.dataDir()));
            opened.push(driver);
            CnmNetworkSandbox sandboxes = new CnmNetworkSandbox(driver, network);
            opened.push(sandboxes);
            ServiceProxy services = new ServiceProxy(host, network, driver.bridge(network), config.nodeName());
            opened.push(services);
            InetAddress gateway = InetAddress.getByAddress(network.gateway().bytes());
            DnsServer names = DnsServer.start(
                    host,
                    network.gateway(),
                    network.addresses(),
                    network.services(),
                    config.clusterDomain(),
                    new HostUpstream(RESOLV_CONF, List.of(gateway)));
            up = true;
            return new PodNetworkStack(driver, sandboxes, services, names);
        } finally {
            if (!up) {
                opened.forEach(PodNetworkStack::closeQuietly);
            }
        }
    }

    private static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception second) {
            LOG.log(Level.WARNING, "cannot close a part of a network that did not start cause=\"{0}\"", second);
        }
    }

    /** Removes all that a cluster's network left on this machine; no agent of the cluster may be running. */
    public static void removeLeftovers(Path dataDir, String clusterName) {
        removeLeftovers(NetworkNamespace.current(), dataDir, clusterName);
    }

    static void removeLeftovers(NetworkNamespace host, Path dataDir, String clusterName) {
        Network network = Network.ofCluster(clusterName, ANY_PODS, ANY_SERVICES);
        try (BridgeDriver driver = new BridgeDriver(host, state(dataDir));
                ServiceProxy services = new ServiceProxy(host, network, driver.bridge(network), "")) {
            services.removeAll();
            driver.deleteNetwork(network);
        }
    }

    public NetworkSandbox sandboxes() {
        return sandboxes;
    }

    /** Makes services' addresses and names what these lists say. They must be complete: what is missing is removed. */
    public void services(List<Service> all, List<EndpointSlice> slices) {
        try {
            services.update(all, slices);
        } finally {
            names.update(services.state());
        }
    }

    /** See {@link ServiceProxy#drain}. */
    public boolean drain(String podUid, String podIp, Duration limit) {
        return services.drain(podUid, podIp, limit);
    }

    /** See {@link ServiceProxy#forget}. */
    public void forget(String podUid) {
        services.forget(podUid);
    }

    /** Lets go of sockets and threads; pods stay connected and services keep working. */
    @Override
    public void close() {
        names.close();
        services.close();
        sandboxes.close();
        driver.close();
    }

    private static Path state(Path dataDir) {
        return dataDir.resolve("node").resolve("network");
    }
}
