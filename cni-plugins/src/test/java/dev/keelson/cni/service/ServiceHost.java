package dev.keelson.cni.service;

import dev.keelson.cni.bridge.BridgeDriver;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.fixture.TestHost;
import dev.keelson.cni.fixture.TestPod;
import dev.keelson.linux.net.Cidr;
import java.nio.file.Path;

/** A node with one network and the proxy of its services: pods, the node and the world are namespaces of their own. */
final class ServiceHost implements AutoCloseable {
    private static final Network NETWORK =
            Network.ofCluster("svc", Cidr.parse("10.244.1.0/24"), Cidr.parse("10.128.0.0/16"));

    private final TestHost host;
    private final BridgeDriver driver;
    private ServiceProxy proxy;

    /**
     * @param state an empty directory
     * @param bridgeNetfilter see {@link TestHost#create}
     */
    ServiceHost(Path state, boolean bridgeNetfilter) {
        host = TestHost.create(bridgeNetfilter);
        driver = new BridgeDriver(host.namespace(), state);
        driver.createNetwork(NETWORK);
        proxy = proxyOf("node-1");
    }

    TestHost host() {
        return host;
    }

    ServiceProxy proxy() {
        return proxy;
    }

    NodeFacts facts() {
        return new NodeFacts("node-1", "keelson-svc-services", driver.bridge(NETWORK), NETWORK.services());
    }

    /** Goes on under another node's name, so that "node-1" and what runs there is somebody else. */
    void rename(String node) {
        proxy.close();
        proxy = proxyOf(node);
    }

    /** The address of a pod that answers on TCP 8080 and UDP 5353. */
    String server(String name) {
        TestPod pod = host.pod(name);
        pod.serveTcp(8080);
        pod.serveUdp(5353);
        return connect(pod);
    }

    String connect(TestPod pod) {
        return driver.connect(NETWORK, pod.sandbox()).address().orElseThrow().toString();
    }

    private ServiceProxy proxyOf(String node) {
        return new ServiceProxy(host.namespace(), NETWORK, driver.bridge(NETWORK), node);
    }

    @Override
    public void close() {
        proxy.close();
        driver.close();
        host.close();
    }
}
