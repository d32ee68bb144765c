package dev.keelson.cni.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.net.Cidr;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every network driver promises. */
public abstract class NetworkDriverContract {
    protected static final Network NETWORK =
            Network.ofCluster("contract", Cidr.parse("10.244.7.0/24"), Cidr.parse("10.128.0.0/16"));

    protected abstract NetworkDriver driver();

    /** A namespace path that stays valid during the test; different for each name. */
    protected abstract Path namespaceOf(String pod);

    @Test
    void connectingTwiceAnswersTheSameEndpoint() {
        driver().createNetwork(NETWORK);

        Endpoint first = driver().connect(NETWORK, sandbox("a"));
        Endpoint second = driver().connect(NETWORK, sandbox("a"));

        assertThat(second).isEqualTo(first);
        assertThat(driver().endpoints(NETWORK)).containsExactly(first);
    }

    @Test
    void connectingKeepsWhatWasReserved() {
        driver().createNetwork(NETWORK);

        Endpoint reserved = driver().reserve(NETWORK, sandbox("a"));

        assertThat(driver().endpoints(NETWORK)).containsExactly(reserved);
        assertThat(driver().connect(NETWORK, sandbox("a"))).isEqualTo(reserved);
        assertThat(driver().reserve(NETWORK, sandbox("a"))).isEqualTo(reserved);
    }

    @Test
    void whatWasOnlyReservedIsFreedLikeAConnection() {
        driver().createNetwork(NETWORK);
        driver().reserve(NETWORK, sandbox("a"));

        driver().disconnect(NETWORK, new SandboxId("uid-a"));

        assertThat(driver().endpoints(NETWORK)).isEmpty();
    }

    @Test
    void disconnectingForgetsTheEndpointAndMayBeRepeated() {
        driver().createNetwork(NETWORK);
        driver().connect(NETWORK, sandbox("a"));
        Endpoint staying = driver().connect(NETWORK, sandbox("b"));

        driver().disconnect(NETWORK, new SandboxId("uid-a"));
        driver().disconnect(NETWORK, new SandboxId("uid-a"));
        driver().disconnect(NETWORK, new SandboxId("never-seen"));

        assertThat(driver().endpoints(NETWORK)).containsExactly(staying);
    }

    @Test
    void endpointsHaveDifferentAddressesOrNone() {
        driver().createNetwork(NETWORK);

        Endpoint a = driver().connect(NETWORK, sandbox("a"));
        Endpoint b = driver().connect(NETWORK, sandbox("b"));

        assertThat(a.address().isEmpty() || !a.address().equals(b.address()) || isShared())
                .isTrue();
    }

    @Test
    void deletingTheNetworkRemovesItsEndpointsAndMayBeRepeated() {
        driver().createNetwork(NETWORK);
        driver().connect(NETWORK, sandbox("a"));

        driver().deleteNetwork(NETWORK);
        driver().deleteNetwork(NETWORK);

        assertThat(driver().endpoints(NETWORK)).isEmpty();
    }

    @Test
    void aNetworkMayBeCreatedAgainWhileItIsUsed() {
        driver().createNetwork(NETWORK);
        Endpoint endpoint = driver().connect(NETWORK, sandbox("a"));

        driver().createNetwork(NETWORK);

        assertThat(driver().endpoints(NETWORK)).containsExactly(endpoint);
    }

    /** Whether all endpoints have the host's address. */
    protected boolean isShared() {
        return false;
    }

    private Sandbox sandbox(String name) {
        return new Sandbox(new SandboxId("uid-" + name), "default/" + name, namespaceOf(name), List.of());
    }
}
