package dev.keelson.node;

import dev.keelson.cni.bridge.BridgeDriver;
import dev.keelson.cni.dns.DnsServer;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.service.ServiceProxy;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.node.network.CnmNetworkSandbox;
import dev.keelson.node.network.NetworkSandbox;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The cluster's default network on this node: a bridge, the service rules and the name server. */
final class BridgedNetwork implements RunningNetwork {
    private final BridgeDriver driver;
    private final CnmNetworkSandbox sandboxes;
    private final ServiceProxy proxy;
    private final DnsServer dns;

    private BridgedNetwork(BridgeDriver driver, CnmNetworkSandbox sandboxes, ServiceProxy proxy, DnsServer dns) {
        this.driver = driver;
        this.sandboxes = sandboxes;
        this.proxy = proxy;
        this.dns = dns;
    }

    /** @param state directory for what the network remembers */
    static BridgedNetwork start(AgentConfig config, String podCidr, Path state) {
        NetworkNamespace host = NetworkNamespace.current();
        Network network = network(config, podCidr);
        BridgeDriver driver = new BridgeDriver(host, state);
        try {
            CnmNetworkSandbox sandboxes = new CnmNetworkSandbox(driver, network);
            ServiceProxy proxy = new ServiceProxy(host, network, driver.bridge(network), config.nodeName());
            DnsServer dns =
                    DnsServer.start(host, network.gateway(), network.addresses(), network.services(), config.clusterDomain(), new dev.keelson.cni.dns.HostUpstream(Path.of("/etc/resolv.conf"), List.of()));
            return new BridgedNetwork(driver, sandboxes, proxy, dns);
        } catch (RuntimeException refused) {
            driver.close();
            throw refused;
        }
    }

    private static Network network(AgentConfig config, String podCidr) {
        return Network.ofCluster(config.clusterName(), Cidr.parse(podCidr), Cidr.parse(config.serviceCidr()));
    }

    /** Takes the network away with all that pods hold of it. */
    static void remove(AgentConfig config, String podCidr, Path state) {
        NetworkNamespace host = NetworkNamespace.current();
        Network network = network(config, podCidr);
        try (BridgeDriver driver = new BridgeDriver(host, state);
                CnmNetworkSandbox sandboxes = new CnmNetworkSandbox(driver, network);
                ServiceProxy proxy = new ServiceProxy(host, network, driver.bridge(network), config.nodeName())) {
            proxy.removeAll();
            sandboxes.removeAll();
        }
    }

    @Override
    public NetworkSandbox sandboxes() {
        return sandboxes;
    }

    @Override
    public void services(List<Service> services, List<EndpointSlice> slices) {
        proxy.update(services, slices);
        dns.update(proxy.state());
    }

    @Override
    public void drain(String podUid, String podIp, Duration limit) {
        proxy.drain(podUid, podIp, limit);
    }

    @Override
    public void forget(String podUid) {
        proxy.forget(podUid);
    }

    @Override
    public void close() {
        dns.close();
        proxy.close();
        sandboxes.close();
        driver.close();
    }
}
