package dev.keelson.node.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.net.Link;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.Rtnetlink;
import dev.keelson.linux.net.nft.Nftables;
import dev.keelson.node.AgentConfig;
import dev.keelson.node.NodeException;
import dev.keelson.node.network.NetworkSandbox.HostPort;
import dev.keelson.node.network.NetworkSandbox.PodAttachment;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole network of a node in a namespace of the test's own. */
class PodNetworkStackIT {
    private static final String POD_CIDR = "10.244.1.0/24";

    @TempDir
    Path dataDir;

    private final NetworkNamespace host = NetworkNamespace.create();
    private final NetworkNamespace pod = NetworkNamespace.create();
    private PodNetworkStack stack;

    @BeforeEach
    void start() {
        try (Rtnetlink links = Rtnetlink.open(host)) {
            links.setUp(links.requireLink("lo"));
        }
        stack = PodNetworkStack.start(host, config("10.128.0.0/16"), POD_CIDR);
    }

    @AfterEach
    void stop() {
        stack.close();
        pod.close();
        host.close();
    }

    @Test
    void aPodServesThroughItsServiceAfterTheAgentWasReplaced() throws IOException {
        String podIp = stack.sandboxes().attach(attachment()).podIps().getFirst();
        stack.sandboxes().awaitAttached("uid-1");
        ServerSocketChannel server = pod.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(8080)));
        stack.services(List.of(service()), List.of(slice(podIp)));
        stack.close();

        PodNetworkStack successor = PodNetworkStack.start(host, config("10.128.0.0/16"), POD_CIDR);
        stack = successor;
        successor.services(List.of(service()), List.of(slice(podIp)));

        assertThat(successor.sandboxes().attached()).containsExactly("uid-1");
        assertThat(successor.sandboxes().attach(attachment()).podIps()).containsExactly(podIp);
        successor.sandboxes().awaitAttached("uid-1");
        try (server;
                SocketChannel client = host.call(SocketChannel::open)) {
            client.socket().connect(new InetSocketAddress("10.128.0.9", 80), 2000);
            try (SocketChannel accepted = server.accept()) {
                accepted.write(ByteBuffer.wrap(new byte[] {42}));
            }
            assertThat(client.socket().getInputStream().read()).isEqualTo(42);
        }
        assertThat(successor.drain("uid-1", podIp, Duration.ofSeconds(2))).isTrue();
        successor.forget("uid-1");
    }

    @Test
    void theGatewayIsTheResolverThatPodsAreTold() {
        assertThat(stack.sandboxes().dnsServer()).isEqualTo("10.244.1.1");
    }

    @Test
    void removingLeftoversNeedsNoRangesAndLeavesNothing() {
        stack.sandboxes().attach(attachment());
        stack.services(List.of(service()), List.of());
        stack.close();

        PodNetworkStack.removeLeftovers(host, dataDir, "it");
        PodNetworkStack.removeLeftovers(host, dataDir, "it");

        try (Rtnetlink links = Rtnetlink.open(host);
                Nftables nftables = Nftables.open(host)) {
            assertThat(links.links()).extracting(Link::name).noneMatch(name -> name.startsWith("k"));
            assertThat(nftables.tables()).isEmpty();
        }
    }

    @Test
    void aWrongRangeIsNamed() {
        assertThatThrownBy(() -> PodNetworkStack.start(host, config("10.128.0.0"), POD_CIDR))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("\"10.128.0.0\" is not a range such as 10.0.0.0/16");
    }

    @Test
    void whatCannotStartHoldsNothingSoThatItCanBeTriedAgain() {
        assertThatThrownBy(() -> PodNetworkStack.start(host, config("10.128.0.0/16"), POD_CIDR))
                .isInstanceOfSatisfying(NodeException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(NodeException.Kind.TRANSIENT))
                .hasMessageContaining("cannot serve names at 10.244.1.1:53");

        stack.close();
        stack = PodNetworkStack.start(host, config("10.128.0.0/16"), POD_CIDR);
    }

    private PodAttachment attachment() {
        return new PodAttachment("uid-1", "default", "web", pod.path(), List.of(new HostPort("TCP", "", 8088, 8080)));
    }

    private static Service service() {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .withClusterIP("10.128.0.9")
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
    }

    private static EndpointSlice slice(String podIp) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("web-1")
                .addToLabels("kubernetes.io/service-name", "web")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withPort(8080)
                .endPort()
                .addNewEndpoint()
                .withAddresses(podIp)
                .endEndpoint()
                .build();
    }

    private AgentConfig config(String serviceCidr) {
        Path none = dataDir.resolve("none");
        return new AgentConfig(
                dataDir,
                "it",
                "node-1",
                "192.0.2.2",
                0,
                URI.create("https://127.0.0.1:1"),
                none,
                none,
                none,
                serviceCidr,
                "cluster.local",
                none);
    }
}
