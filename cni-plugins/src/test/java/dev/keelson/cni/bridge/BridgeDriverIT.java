package dev.keelson.cni.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.driver.Endpoint;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.cni.fixture.TestHost;
import dev.keelson.cni.fixture.TestPod;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Link;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Route;
import dev.keelson.linux.net.Rtnetlink;
import dev.keelson.linux.net.nft.Nftables;
import dev.keelson.linux.net.nft.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeDriverIT {
    private static final Cidr PODS = Cidr.parse("10.244.1.0/24");
    private static final Cidr SERVICES = Cidr.parse("10.128.0.0/16");
    private static final Network NETWORK = Network.ofCluster("one", PODS, SERVICES);

    @TempDir
    Path state;

    private TestHost host;
    private BridgeDriver driver;

    private void open(boolean bridgeNetfilter) {
        host = TestHost.create(bridgeNetfilter);
        driver = new BridgeDriver(host.namespace(), state);
        driver.createNetwork(NETWORK);
    }

    @AfterEach
    void close() {
        driver.close();
        host.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void podsReachEachOtherTheHostAndTheWorldAtOnce(boolean bridgeNetfilter) {
        open(bridgeNetfilter);
        TestPod a = host.pod("a");
        TestPod b = host.pod("b");
        b.serveTcp(80);
        TestPod node = host.node();
        node.serveTcp(81);
        host.world().serveTcp(82);

        Endpoint endpointB = driver.connect(NETWORK, b.sandbox());
        Endpoint endpointA = driver.connect(NETWORK, a.sandbox());
        String addressA = endpointA.address().orElseThrow().toString();
        String addressB = endpointB.address().orElseThrow().toString();

        assertThat(a.ask(addressB, 80)).isEqualTo("b@" + addressA);
        assertThat(node.ask(addressB, 80)).isEqualTo("b@10.244.1.1");
        assertThat(a.ask("10.244.1.1", 81)).isEqualTo("node@" + addressA);
        assertThat(a.ask(TestHost.WORLD_ADDRESS, 82)).isEqualTo("world@" + TestHost.HOST_ADDRESS);
    }

    @Test
    void whatAPodSendsToEverybodyReachesNobody() throws IOException {
        open(false);
        TestPod a = host.pod("a");
        TestPod b = host.pod("b");
        driver.connect(NETWORK, a.sandbox());
        Endpoint endpointB = driver.connect(NETWORK, b.sandbox());
        DatagramSocket mouth = a.udpSocket();
        DatagramSocket ear = b.udpSocket();
        ear.setSoTimeout(500);

        mouth.send(packet(1, "255.255.255.255", ear.getLocalPort()));
        mouth.send(packet(2, endpointB.address().orElseThrow().toString(), ear.getLocalPort()));

        DatagramPacket heard = new DatagramPacket(new byte[1], 1);
        ear.receive(heard);
        assertThat(heard.getData()).containsExactly(2);
    }

    private static DatagramPacket packet(int content, String address, int port) throws IOException {
        return new DatagramPacket(new byte[] {(byte) content}, 1, InetAddress.getByName(address), port);
    }

    @Test
    void aBridgeThatAClusterOfTheSameNameLeftWithAnotherRangeIsReplaced() {
        open(false);
        Network sameName = Network.ofCluster("one", Cidr.parse("10.246.1.0/24"), Cidr.parse("10.130.0.0/16"));
        driver.createNetwork(sameName);
        TestPod pod = host.pod("pod");
        pod.serveTcp(80);
        String address =
                driver.connect(sameName, pod.sandbox()).address().orElseThrow().toString();

        assertThat(host.node().ask(address, 80)).isEqualTo("pod@10.246.1.1");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void hostPortsLeadToThePodFromEverywhere(boolean bridgeNetfilter) {
        open(bridgeNetfilter);
        TestPod web = host.pod("web");
        web.serveTcp(8080);
        TestPod other = host.pod("other");

        driver.connect(NETWORK, web.sandbox(new PortBinding(Protocol.TCP, Optional.empty(), 9090, 8080)));
        driver.connect(NETWORK, other.sandbox());

        assertThat(host.world().ask(TestHost.HOST_ADDRESS, 9090)).isEqualTo("web@" + TestHost.WORLD_ADDRESS);
        assertThat(host.node().ask("127.0.0.1", 9090)).isEqualTo("web@10.244.1.1");
        assertThat(host.node().ask(TestHost.HOST_ADDRESS, 9090)).startsWith("web@");
        assertThat(other.ask(TestHost.HOST_ADDRESS, 9090)).startsWith("web@");
        assertThat(web.ask(TestHost.HOST_ADDRESS, 9090)).isEqualTo("web@10.244.1.1");
    }

    @Test
    void aHostPortIsGivenOnce() {
        open(false);
        PortBinding port = new PortBinding(Protocol.TCP, Optional.empty(), 9090, 8080);
        driver.connect(NETWORK, host.pod("first").sandbox(port));

        assertThatThrownBy(() -> driver.connect(NETWORK, host.pod("second").sandbox(port)))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("host port TCP *:9090 of default/second is taken by default/first");
    }

    @Test
    void theUplinksMtuIsThePods() {
        open(false);
        TestPod pod = host.pod("a");
        driver.connect(NETWORK, pod.sandbox());

        try (Rtnetlink inside = Rtnetlink.open(pod.namespace())) {
            assertThat(inside.link("eth0")).map(Link::mtu).contains(1450);
        }
    }

    @Test
    void podsOfAnotherClusterAreOutOfReach() {
        open(false);
        Network other = Network.ofCluster("two", Cidr.parse("10.245.1.0/24"), Cidr.parse("10.129.0.0/16"));
        driver.createNetwork(other);
        TestPod here = host.pod("here");
        TestPod there = host.pod("there");
        there.serveTcp(80);
        driver.connect(NETWORK, here.sandbox());
        String address =
                driver.connect(other, there.sandbox()).address().orElseThrow().toString();

        assertThat(host.node().ask(address, 80)).startsWith("there@");
        assertThatThrownBy(() -> here.ask(address, 80)).hasMessageContaining("timed out");
    }

    @Test
    void aPodCannotReachTheHostsLoopback() {
        open(false);
        TestPod pod = host.pod("a");
        driver.connect(NETWORK, pod.sandbox());
        host.node().serveTcp(81);
        try (Rtnetlink inside = Rtnetlink.open(pod.namespace())) {
            Link eth = inside.requireLink("eth0");
            inside.addRoute(Route.via(Cidr.parse("127.1.0.0/16"), NETWORK.gateway(), eth.index()));
        }

        assertThatThrownBy(() -> pod.ask("127.1.0.1", 81)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void anotherProcessFindsEverythingAndPacketsKeepFlowing() {
        open(false);
        TestPod a = host.pod("a");
        a.serveTcp(80);
        Endpoint endpoint = driver.connect(NETWORK, a.sandbox());
        String address = endpoint.address().orElseThrow().toString();
        try (TestPod.Conversation open = host.node().connect(address, 80);
                BridgeDriver successor = new BridgeDriver(host.namespace(), state)) {
            open.ask();

            successor.createNetwork(NETWORK);

            assertThat(successor.endpoints(NETWORK)).containsExactly(endpoint);
            assertThat(successor.connect(NETWORK, a.sandbox())).isEqualTo(endpoint);
            assertThat(open.ask()).startsWith("a@");
        }
    }

    @Test
    void aNewNamespaceOfTheSamePodIsConnectedAfresh() {
        open(false);
        driver.connect(NETWORK, host.pod("a").sandbox());
        TestPod again = host.pod("a");
        again.serveTcp(80);

        Endpoint endpoint = driver.connect(NETWORK, again.sandbox());

        assertThat(host.node().ask(endpoint.address().orElseThrow().toString(), 80))
                .startsWith("a@");
    }

    @Test
    void deletingTheNetworkLeavesNothingOnTheHost() {
        open(false);
        driver.connect(NETWORK, host.pod("a").sandbox());

        driver.deleteNetwork(NETWORK);

        try (Rtnetlink links = Rtnetlink.open(host.namespace());
                Nftables nftables = Nftables.open(host.namespace())) {
            assertThat(links.links()).extracting(Link::name).noneMatch(name -> name.startsWith("k"));
            assertThat(links.routes())
                    .noneMatch(route -> route.destination().overlaps(PODS)
                            && route.destination().prefix() > 0);
            assertThat(nftables.tables()).isEmpty();
        }
    }

    @Test
    void disconnectingWorksAfterTheNamespaceIsGone() {
        open(false);
        TestPod pod = host.pod("a");
        driver.connect(NETWORK, pod.sandbox());
        pod.close();

        driver.disconnect(NETWORK, new SandboxId("uid-a"));

        assertThat(driver.endpoints(NETWORK)).isEmpty();
    }

    @Test
    void aNamespaceOwnedByAnotherUserNamespaceIsConnected() throws Exception {
        open(false);
        Process pod = new ProcessBuilder("unshare", "--user", "--map-root-user", "--net", "sh", "-c", "echo ready; cat")
                .start();
        try {
            assertThat(pod.inputReader().readLine()).isEqualTo("ready");
            Path namespace = Path.of("/proc/%d/ns/net".formatted(pod.pid()));
            Sandbox sandbox = new Sandbox(new SandboxId("userns"), "default/userns", namespace, List.of());
            String address =
                    driver.connect(NETWORK, sandbox).address().orElseThrow().toString();
            try (NetworkNamespace inside = NetworkNamespace.open(namespace);
                    TestPod server = TestPod.in(inside, "userns")) {
                server.serveTcp(80);
                assertThat(host.node().ask(address, 80)).startsWith("userns@");
            }
        } finally {
            pod.destroyForcibly().waitFor();
        }
    }

    @Test
    void manyPodsAreConnectedAtOnce() throws Exception {
        open(false);
        List<TestPod> pods =
                IntStream.range(0, 24).mapToObj(i -> host.pod("p" + i)).toList();
        Set<Object> addresses = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Endpoint>> work = pods.stream()
                    .<Callable<Endpoint>>map(pod -> () -> driver.connect(NETWORK, pod.sandbox()))
                    .toList();
            for (Future<Endpoint> endpoint : threads.invokeAll(work)) {
                addresses.add(endpoint.get().address().orElseThrow());
            }
        }

        assertThat(addresses).hasSize(24);
        pods.get(7).serveTcp(80);
        String seventh = driver.connect(NETWORK, pods.get(7).sandbox())
                .address()
                .orElseThrow()
                .toString();
        assertThat(pods.get(3).ask(seventh, 80)).startsWith("p7@");
    }

    @Test
    void aRangeThatTheHostUsesIsRefusedByName() {
        open(false);
        Network overlapping = Network.ofCluster("two", Cidr.parse("198.51.100.0/25"), SERVICES);

        assertThatThrownBy(() -> driver.createNetwork(overlapping))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("overlaps the host's route 198.51.100.0/24 by uplink");
    }

    @Test
    void aNamespaceThatIsNotThereIsNamed() {
        open(false);
        Sandbox missing = new Sandbox(new SandboxId("x"), "default/x", Path.of("/proc/0/ns/net"), List.of());

        assertThatThrownBy(() -> driver.connect(NETWORK, missing))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("open network namespace /proc/0/ns/net: ENOENT");
    }
}
