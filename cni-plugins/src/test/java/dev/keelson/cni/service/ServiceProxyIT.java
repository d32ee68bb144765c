package dev.keelson.cni.service;

import static dev.keelson.cni.service.Services.leaving;
import static dev.keelson.cni.service.Services.ready;
import static dev.keelson.cni.service.Services.service;
import static dev.keelson.cni.service.Services.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.fixture.TestHost;
import dev.keelson.cni.fixture.TestPod;
import dev.keelson.cni.fixture.TestPod.Conversation;
import dev.keelson.linux.net.nft.Nftables;
import io.fabric8.kubernetes.api.model.Service;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real packets through real rules: pods, a node and the world are namespaces of their own. */
class ServiceProxyIT {
    private static final String VIP = "10.128.0.9";

    @TempDir
    Path state;

    private final Service web = service("web", VIP, "TCP", 80);
    private ServiceHost services;

    private void open(boolean bridgeNetfilter) {
        services = new ServiceHost(state, bridgeNetfilter);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void connectionsAreSpreadOverReadyEndpointsFromPodsAndTheNode(boolean bridgeNetfilter) {
        open(bridgeNetfilter);
        TestPod client = services.host().pod("client");
        String clientAddress = services.connect(client);
        services.proxy()
                .update(
                        List.of(web),
                        List.of(slice(
                                "web",
                                "TCP",
                                8080,
                                ready(services.server("a")),
                                ready(services.server("b")),
                                ready(services.server("c")))));

        assertThat(answers(client, VIP, 80, 60))
                .containsExactly("a@" + clientAddress, "b@" + clientAddress, "c@" + clientAddress);
        assertThat(answers(services.host().node(), VIP, 80, 60))
                .containsExactly("a@10.244.1.1", "b@10.244.1.1", "c@10.244.1.1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aPodReachesItselfThroughItsService(boolean bridgeNetfilter) {
        open(bridgeNetfilter);
        TestPod pod = services.host().pod("self");
        pod.serveTcp(8080);
        services.proxy().update(List.of(web), List.of(slice("web", "TCP", 8080, ready(services.connect(pod)))));

        assertThat(pod.ask(VIP, 80)).isEqualTo("self@10.244.1.1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nodePortsLeadInFromTheWorldAndTheNodeItself(boolean bridgeNetfilter) {
        open(bridgeNetfilter);
        TestPod client = services.host().pod("client");
        services.connect(client);
        services.proxy()
                .update(
                        List.of(Services.withNodePort(web, 30080)),
                        List.of(slice("web", "TCP", 8080, ready(services.server("a")))));

        assertThat(services.host().world().ask(TestHost.HOST_ADDRESS, 30080)).isEqualTo("a@" + TestHost.WORLD_ADDRESS);
        assertThat(services.host().node().ask("127.0.0.1", 30080)).isEqualTo("a@10.244.1.1");
        assertThat(client.ask(TestHost.HOST_ADDRESS, 30080)).startsWith("a@");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServiceWithoutEndpointsRefusesAtOnce(boolean bridgeNetfilter) {
        open(bridgeNetfilter);
        TestPod client = services.host().pod("client");
        services.connect(client);
        services.proxy().update(List.of(web), List.of());

        assertThatThrownBy(() -> client.ask(VIP, 80)).hasMessageContaining("refused");
        assertThatThrownBy(() -> services.host().node().ask(VIP, 80)).hasMessageContaining("refused");
        DatagramSocket udp = client.udpSocket();
        assertThatThrownBy(() -> {
                    udp.connect(new InetSocketAddress(VIP, 53));
                    TestPod.askUdp(udp, VIP, 53);
                })
                .hasMessageContaining("PortUnreachable");
    }

    @Test
    void anOpenConnectionOutlivesItsEndpointsPlaceInTheRules() {
        open(false);
        TestPod client = services.host().pod("client");
        services.connect(client);
        String a = services.server("a");
        String b = services.server("b");
        services.proxy().update(List.of(web), List.of(slice("web", "TCP", 8080, ready(a))));
        try (Conversation conversation = client.connect(VIP, 80)) {
            assertThat(conversation.ask()).startsWith("a@");

            services.proxy().update(List.of(web), List.of(slice("web", "TCP", 8080, leaving(a), ready(b))));

            assertThat(conversation.ask()).startsWith("a@");
            assertThat(answers(client, VIP, 80, 20)).allMatch(answer -> answer.startsWith("b@"));
        }
    }

    @Test
    void noRequestFailsWhileEndpointsComeAndGo() throws Exception {
        open(false);
        TestPod client = services.host().pod("client");
        services.connect(client);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger requests = new AtomicInteger();
        AtomicInteger rounds = new AtomicInteger();
        TestPod[] pods = new TestPod[8];
        String[] addresses = new String[pods.length];
        ServerSocketChannel[] servers = new ServerSocketChannel[pods.length];
        for (int i = 0; i < pods.length; i++) {
            pods[i] = services.host().pod("p" + i);
            addresses[i] = services.connect(pods[i]);
        }
        servers[0] = pods[0].serveTcp(8080);
        services.proxy().update(List.of(web), List.of(slice("web", "TCP", 8080, ready(addresses[0]))));
        Thread load = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted() && failure.get() == null && rounds.get() < 40) {
                try {
                    client.ask(VIP, 80);
                    requests.incrementAndGet();
                } catch (RuntimeException broken) {
                    failure.set(broken);
                }
            }
        });

        for (int round = 1; round <= 40 && failure.get() == null; round++) {
            int old = (round - 1) % pods.length;
            int next = round % pods.length;
            servers[next] = pods[next].serveTcp(8080);
            services.proxy()
                    .update(
                            List.of(web),
                            List.of(slice("web", "TCP", 8080, ready(addresses[old]), ready(addresses[next]))));
            // As the agent does before it sends SIGTERM to a process that exits at once.
            assertThat(services.proxy().drain("uid-" + addresses[old], addresses[old], Duration.ofSeconds(5)))
                    .isTrue();
            servers[old].close();
            services.proxy().update(List.of(web), List.of(slice("web", "TCP", 8080, ready(addresses[next]))));
            services.proxy().forget("uid-" + addresses[old]);
            rounds.incrementAndGet();
        }
        load.join();

        assertThat(failure.get()).isNull();
        assertThat(requests.get()).isGreaterThan(100);
    }

    @Test
    void nobodyIsRefusedWhileRulesAreReplaced() throws Exception {
        open(false);
        TestPod client = services.host().pod("client");
        services.connect(client);
        List<String> pods = List.of(services.server("a"), services.server("b"), services.server("c"));
        AtomicBoolean over = new AtomicBoolean();
        services.proxy().update(List.of(web), List.of(slice("web", "TCP", 8080, ready(pods.getFirst()))));
        FutureTask<Integer> requests = new FutureTask<>(() -> {
            int answered = 0;
            for (; !over.get(); answered++) {
                client.ask(VIP, 80);
            }
            return answered;
        });
        Thread.ofPlatform().start(requests);

        for (int turn = 0; turn < 1500 && !requests.isDone(); turn++) {
            String one = pods.get(turn % pods.size());
            String two = pods.get((turn + 1) % pods.size());
            services.proxy().update(List.of(web), List.of(slice("web", "TCP", 8080, ready(one), ready(two))));
        }
        over.set(true);

        assertThat(requests.get()).isGreaterThan(100);
    }

    @Test
    void udpFollowsTheEndpointsThoughTheClientKeepsItsSocket() {
        open(false);
        TestPod client = services.host().pod("client");
        services.connect(client);
        Service dns = service("dns", VIP, "UDP", 53);
        String a = services.server("a");
        String b = services.server("b");
        DatagramSocket socket = client.udpSocket();

        services.proxy().update(List.of(dns), List.of(slice("dns", "UDP", 5353, ready(a))));
        assertThat(TestPod.askUdp(socket, VIP, 53)).isEqualTo("a");
        services.proxy().update(List.of(dns), List.of(slice("dns", "UDP", 5353, ready(b))));
        assertThat(TestPod.askUdp(socket, VIP, 53)).isEqualTo("b");
    }

    @Test
    void clientsWithAffinityStayWithTheirEndpointAsLongAsItServes() {
        open(false);
        TestPod client = services.host().pod("client");
        services.connect(client);
        String a = services.server("a");
        String b = services.server("b");
        String c = services.server("c");
        Service sticky = Services.withAffinity(web);
        services.proxy().update(List.of(sticky), List.of(slice("web", "TCP", 8080, ready(a), ready(b))));
        Set<String> first = answers(client, VIP, 80, 30);

        services.proxy().update(List.of(sticky), List.of(slice("web", "TCP", 8080, ready(a), ready(b), ready(c))));

        assertThat(first).hasSize(1);
        assertThat(answers(client, VIP, 80, 30)).isEqualTo(first);
        String chosen = first.iterator().next().startsWith("a@") ? a : b;
        String other = chosen.equals(a) ? b : a;
        services.proxy().update(List.of(sticky), List.of(slice("web", "TCP", 8080, ready(other), ready(c))));
        assertThat(answers(client, VIP, 80, 30)).hasSize(1).isNotEqualTo(first);
    }

    @Test
    void rulesOutliveTheAgentAndAreTakenOverWithoutAChange() {
        open(false);
        TestPod client = services.host().pod("client");
        services.connect(client);
        var slices = List.of(slice("web", "TCP", 8080, ready(services.server("a"))));
        services.proxy().update(List.of(web), slices);
        services.proxy().close();
        assertThat(client.ask(VIP, 80)).startsWith("a@");

        try (ServiceProgrammer successor = new ServiceProgrammer(services.host().namespace())) {
            ServiceRules rules = ServicePlanner.plan(ServiceReader.read(List.of(web), slices), services.facts());
            assertThat(successor.apply(rules)).isZero();
        }
    }

    @Test
    void removeAllLeavesNoTableOfServices() {
        open(false);
        services.proxy().update(List.of(web), List.of());

        services.proxy().removeAll();
        services.proxy().removeAll();

        try (Nftables nftables = Nftables.open(services.host().namespace())) {
            assertThat(nftables.tables()).containsExactly("keelson-svc");
        }
    }

    private static Set<String> answers(TestPod client, String address, int port, int times) {
        Set<String> answers = new TreeSet<>();
        for (int i = 0; i < times; i++) {
            answers.add(client.ask(address, port));
        }
        return answers;
    }
}
