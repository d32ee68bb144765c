package dev.keelson.cni.service;

import static dev.keelson.cni.service.Services.leaving;
import static dev.keelson.cni.service.Services.notReady;
import static dev.keelson.cni.service.Services.ready;
import static dev.keelson.cni.service.Services.service;
import static dev.keelson.cni.service.Services.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.bridge.BridgeDriver;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.fixture.TestHost;
import dev.keelson.cni.fixture.TestPod;
import dev.keelson.linux.net.Cidr;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What protocols, node ports, policies and affinity do together, with real packets. */
class ServiceVariantsIT {
    private static final Network NETWORK =
            Network.ofCluster("svv", Cidr.parse("10.244.1.0/24"), Cidr.parse("10.128.0.0/16"));
    private static final String VIP = "10.128.0.9";
    private static final int NODE_PORT = 30053;

    @TempDir
    Path state;

    private TestHost host;
    private BridgeDriver driver;
    private ServiceProxy proxy;

    @BeforeEach
    void open() {
        host = TestHost.create(false);
        driver = new BridgeDriver(host.namespace(), state);
        driver.createNetwork(NETWORK);
        proxy = new ServiceProxy(host.namespace(), NETWORK, driver.bridge(NETWORK), "node-1");
    }

    @AfterEach
    void close() {
        proxy.close();
        driver.close();
        host.close();
    }

    @Test
    void udpThroughANodePortFollowsTheEndpoints() {
        List<Service> dns = List.of(Services.withNodePort(service("dns", VIP, "UDP", 53), NODE_PORT));
        String a = pod("a");
        String b = pod("b");
        DatagramSocket socket = host.world().udpSocket();

        proxy.update(dns, List.of(slice("dns", "UDP", 5353, ready(a))));
        assertThat(TestPod.askUdp(socket, TestHost.HOST_ADDRESS, NODE_PORT)).isEqualTo("a");
        proxy.update(dns, List.of(slice("dns", "UDP", 5353, leaving(a), ready(b))));
        assertThat(TestPod.askUdp(socket, TestHost.HOST_ADDRESS, NODE_PORT)).isEqualTo("b");
    }

    @Test
    void udpIsRefusedWhenTheLastEndpointHasGone() throws Exception {
        List<Service> dns = List.of(service("dns", VIP, "UDP", 53));
        TestPod client = host.pod("client");
        driver.connect(NETWORK, client.sandbox());
        DatagramSocket socket = client.udpSocket();
        socket.connect(new InetSocketAddress(VIP, 53));

        proxy.update(dns, List.of(slice("dns", "UDP", 5353, ready(pod("a")))));
        assertThat(TestPod.askUdp(socket, VIP, 53)).isEqualTo("a");
        proxy.update(dns, List.of(slice("dns", "UDP", 5353)));

        assertThatThrownBy(() -> TestPod.askUdp(socket, VIP, 53)).hasMessageContaining("PortUnreachable");
    }

    @Test
    void clientsOfUdpStayWithTheirEndpointWhateverTheirSocket() {
        TestPod client = host.pod("client");
        driver.connect(NETWORK, client.sandbox());
        proxy.update(
                List.of(Services.withAffinity(service("dns", VIP, "UDP", 53))),
                List.of(slice("dns", "UDP", 5353, ready(pod("a")), ready(pod("b")), ready(pod("c")))));

        Set<String> answers = IntStream.range(0, 20)
                .mapToObj(turn -> TestPod.askUdp(client.udpSocket(), VIP, 53))
                .collect(Collectors.toSet());

        assertThat(answers).hasSize(1);
    }

    @Test
    void aNodePortForThisNodeAloneLeadsToNoOtherNodesEndpoint() {
        List<Service> local = List.of(new ServiceBuilder(
                        Services.withNodePort(Services.withAffinity(service("web", VIP, "TCP", 80)), NODE_PORT))
                .editSpec()
                .withExternalTrafficPolicy("Local")
                .endSpec()
                .build());
        String a = pod("a");
        String b = pod("b");
        proxy.close();
        proxy = new ServiceProxy(host.namespace(), NETWORK, driver.bridge(NETWORK), "node-2");
        proxy.update(local, List.of(slice("web", "TCP", 8080, ready(a))));

        assertThatThrownBy(() -> host.world().ask(TestHost.HOST_ADDRESS, NODE_PORT))
                .hasMessageContaining("refused");
        assertThat(host.node().ask(VIP, 80)).startsWith("a@");

        proxy.close();
        proxy = new ServiceProxy(host.namespace(), NETWORK, driver.bridge(NETWORK), "node-1");
        proxy.update(local, List.of(slice("web", "TCP", 8080, notReady(a), leaving(b))));

        assertThat(host.world().ask(TestHost.HOST_ADDRESS, NODE_PORT)).isEqualTo("b@" + TestHost.WORLD_ADDRESS);
    }

    private String pod(String name) {
        TestPod pod = host.pod(name);
        pod.serveTcp(8080);
        pod.serveUdp(5353);
        return driver.connect(NETWORK, pod.sandbox()).address().orElseThrow().toString();
    }
}
