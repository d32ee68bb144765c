package dev.keelson.cni.service;

import static dev.keelson.cni.service.Services.leaving;
import static dev.keelson.cni.service.Services.notReady;
import static dev.keelson.cni.service.Services.ready;
import static dev.keelson.cni.service.Services.service;
import static dev.keelson.cni.service.Services.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.fixture.TestHost;
import dev.keelson.cni.fixture.TestPod;
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
    private static final String VIP = "10.128.0.9";
    private static final int NODE_PORT = 30053;

    @TempDir
    Path state;

    private ServiceHost services;

    @BeforeEach
    void open() {
        services = new ServiceHost(state, false);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void udpThroughANodePortFollowsTheEndpoints() {
        List<Service> dns = List.of(Services.withNodePort(service("dns", VIP, "UDP", 53), NODE_PORT));
        String a = services.server("a");
        String b = services.server("b");
        DatagramSocket socket = services.host().world().udpSocket();

        services.proxy().update(dns, List.of(slice("dns", "UDP", 5353, ready(a))));
        assertThat(TestPod.askUdp(socket, TestHost.HOST_ADDRESS, NODE_PORT)).isEqualTo("a");
        services.proxy().update(dns, List.of(slice("dns", "UDP", 5353, leaving(a), ready(b))));
        assertThat(TestPod.askUdp(socket, TestHost.HOST_ADDRESS, NODE_PORT)).isEqualTo("b");
    }

    @Test
    void udpIsRefusedWhenTheLastEndpointHasGone() throws Exception {
        List<Service> dns = List.of(service("dns", VIP, "UDP", 53));
        TestPod client = services.host().pod("client");
        services.connect(client);
        DatagramSocket socket = client.udpSocket();
        socket.connect(new InetSocketAddress(VIP, 53));

        services.proxy().update(dns, List.of(slice("dns", "UDP", 5353, ready(services.server("a")))));
        assertThat(TestPod.askUdp(socket, VIP, 53)).isEqualTo("a");
        services.proxy().update(dns, List.of(slice("dns", "UDP", 5353)));

        assertThatThrownBy(() -> TestPod.askUdp(socket, VIP, 53)).hasMessageContaining("PortUnreachable");
    }

    @Test
    void clientsOfUdpStayWithTheirEndpointWhateverTheirSocket() {
        TestPod client = services.host().pod("client");
        services.connect(client);
        services.proxy()
                .update(
                        List.of(Services.withAffinity(service("dns", VIP, "UDP", 53))),
                        List.of(slice(
                                "dns",
                                "UDP",
                                5353,
                                ready(services.server("a")),
                                ready(services.server("b")),
                                ready(services.server("c")))));

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
        String a = services.server("a");
        String b = services.server("b");
        services.rename("node-2");
        services.proxy().update(local, List.of(slice("web", "TCP", 8080, ready(a))));

        assertThatThrownBy(() -> services.host().world().ask(TestHost.HOST_ADDRESS, NODE_PORT))
                .hasMessageContaining("refused");
        assertThat(services.host().node().ask(VIP, 80)).startsWith("a@");

        services.rename("node-1");
        services.proxy().update(local, List.of(slice("web", "TCP", 8080, notReady(a), leaving(b))));

        assertThat(services.host().world().ask(TestHost.HOST_ADDRESS, NODE_PORT))
                .isEqualTo("b@" + TestHost.WORLD_ADDRESS);
    }
}
