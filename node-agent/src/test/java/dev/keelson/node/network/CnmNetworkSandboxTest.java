package dev.keelson.node.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.driver.FakeNetworkDriver;
import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.NetworkException;
import dev.keelson.linux.net.Cidr;
import dev.keelson.node.NodeException;
import dev.keelson.node.network.NetworkSandbox.HostPort;
import dev.keelson.node.network.NetworkSandbox.PodAttachment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CnmNetworkSandboxTest {
    private static final Network NETWORK =
            Network.ofCluster("test", Cidr.parse("10.244.0.0/24"), Cidr.parse("10.128.0.0/16"));

    private final FakeNetworkDriver driver = new FakeNetworkDriver();

    /** Nobody listens as long as it is empty. */
    @TempDir
    Path proc;

    private CnmNetworkSandbox sandbox;

    @BeforeEach
    void open() {
        sandbox = new CnmNetworkSandbox(driver, NETWORK, new HostListeners(proc));
    }

    @Test
    void attachingAnswersTheSameAddressesUntilThePodIsDetached() {
        PodAttachment pod = pod("a");

        assertThat(sandbox.attach(pod)).isEqualTo(sandbox.attach(pod));
        assertThat(sandbox.attached()).containsExactly("a");
    }

    @Test
    void attachingFindsTheAddressThatWasReserved() {
        sandbox.reserve("a", "shop", "a", List.of());
        sandbox.attach(pod("b"));

        assertThat(sandbox.attached()).containsExactly("a", "b");
        assertThat(sandbox.attach(pod("a")).podIps())
                .isNotEqualTo(sandbox.attach(pod("b")).podIps());
        sandbox.detach("a");
        sandbox.close();
        assertThat(driver.endpoints(NETWORK)).hasSize(1);
    }

    @Test
    void detachedPodsAreNoLongerAttached() {
        sandbox.attach(pod("a"));

        sandbox.detach("a");
        sandbox.detach("a");
        sandbox.detach("unknown");

        assertThat(sandbox.attached()).isEmpty();
        sandbox.close();
        assertThat(driver.endpoints(NETWORK)).isEmpty();
    }

    @Test
    void aPodThatComesBackIsConnectedAfterItsRemoval() {
        sandbox.attach(pod("a"));
        sandbox.detach("a");

        sandbox.attach(pod("a"));

        assertThat(sandbox.attached()).containsExactly("a");
    }

    @Test
    void hostPortsAreFreeWhenDetachReturns() {
        sandbox.attach(pod("a", new HostPort("TCP", "", 80, 8080)));

        sandbox.detach("a");

        assertThat(driver.endpoints(NETWORK)).isEmpty();
    }

    /** Else whoever asks for the API server's port cuts off the node. */
    @Test
    void aPortThatTheNodeItselfListensOnIsNotTakenAway() throws IOException {
        PodAttachment early = pod("early", new HostPort("TCP", "", 6443, 8080));
        sandbox.attach(early);
        Files.writeString(
                proc.resolve("tcp"), "\n 0: 00000000:192B 00000000:0000 0A\n 1: 00000000:192C 00000000:0000 0A\n");

        assertThatThrownBy(() -> sandbox.attach(pod("late", new HostPort("TCP", "", 6444, 8080))))
                .hasMessage("cannot connect pod shop/late: host port TCP *:6444: a process of the node listens on "
                        + "0.0.0.0:6444; choose another port or another hostIP");
        assertThat(sandbox.attach(early)).isEqualTo(sandbox.attach(early));
        assertThat(sandbox.attached()).containsExactly("early");
    }

    @Test
    void aWrongHostIpIsNamedWithThePod() {
        PodAttachment pod = pod("a", new HostPort("TCP", "localhost", 80, 8080));

        assertThatThrownBy(() -> sandbox.attach(pod))
                .isInstanceOfSatisfying(NodeException.class, failure -> assertThat(failure.kind())
                        .isEqualTo(NodeException.Kind.INVALID))
                .hasMessageContaining("cannot connect pod shop/a: \"localhost\" is not an IPv4 address");
    }

    @Test
    void aRangeTooSmallIsRefused() {
        assertThatThrownBy(() -> Network.ofCluster("x", Cidr.parse("10.0.0.0/30"), Cidr.parse("10.1.0.0/16")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("10.0.0.0/30 of network default is too small");
    }

    @Test
    void theGatewayResolvesNames() {
        assertThat(sandbox.dnsServer()).isEqualTo("10.244.0.1");
    }

    private static PodAttachment pod(String uid, HostPort... ports) {
        return new PodAttachment(uid, "shop", uid, Path.of("/proc/self/ns/net"), List.of(ports));
    }
}
