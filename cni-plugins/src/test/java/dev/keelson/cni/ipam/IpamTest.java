package dev.keelson.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.cni.driver.NetworkException;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.driver.Sandbox;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IpamTest {
    private static final Cidr RANGE = Cidr.parse("10.0.0.0/24");

    @TempDir
    Path directory;

    @Test
    void anotherProcessFindsTheLeasesAndGoesOnBehindTheLastAddress() {
        Ipam first = new Ipam(directory, RANGE);
        Lease lease = first.acquire(sandbox("a"));
        Lease gone = first.acquire(sandbox("b"));
        first.release(gone.sandbox());

        Ipam second = new Ipam(directory, RANGE);

        assertThat(second.leases()).containsExactly(lease);
        assertThat(second.acquire(sandbox("a"))).isEqualTo(lease);
        assertThat(second.acquire(sandbox("c")).address()).isNotEqualTo(gone.address());
    }

    @Test
    void anotherProcessGoesOnBehindTheNewestLease() {
        Ipam first = new Ipam(directory, RANGE);
        first.release(first.acquire(sandbox("a")).sandbox());
        first.acquire(sandbox("b"));

        assertThat(new Ipam(directory, RANGE).acquire(sandbox("c")).address()).hasToString("10.0.0.4");
    }

    @Test
    void aFileThatWasCutIsDroppedAndTheRestKept() throws IOException {
        Ipam first = new Ipam(directory, RANGE);
        Lease lease = first.acquire(sandbox("a"));
        Files.writeString(directory.resolve("b.json"), "{\"sandbox\":\"b\"");
        Files.writeString(directory.resolve("c.json"), "");
        Files.writeString(directory.resolve("d.json"), "{}");
        Files.writeString(directory.resolve("e.json.new"), "half");

        assertThat(new Ipam(directory, RANGE).leases()).containsExactly(lease);
    }

    @Test
    void aSandboxOfAnotherRangeGetsANewAddress() {
        new Ipam(directory, RANGE).acquire(sandbox("a"));

        Lease moved = new Ipam(directory, Cidr.parse("10.9.0.0/24")).acquire(sandbox("a"));

        assertThat(moved.address().toString()).isEqualTo("10.9.0.2");
    }

    @Test
    void hostPortsMeetOnlyOnTheSameAddressAndProtocol() {
        Ipam ipam = new Ipam(directory, RANGE);
        ipam.acquire(sandbox("a", port(Protocol.TCP, "192.0.2.1")));

        ipam.acquire(sandbox("b", port(Protocol.UDP, "192.0.2.1")));
        ipam.acquire(sandbox("c", port(Protocol.TCP, "192.0.2.2")));

        assertThatThrownBy(() -> ipam.acquire(sandbox("d", port(Protocol.TCP, ""))))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("host port TCP *:80 of default/d is taken by default/a");
        assertThat(ipam.lease(new SandboxId("d"))).isEmpty();
    }

    @Test
    void aFullRangeSaysHowManyHoldIt() {
        Ipam ipam = new Ipam(directory, Cidr.parse("10.0.0.0/29"));
        IntStream.range(0, 5).forEach(i -> ipam.acquire(sandbox("s" + i)));

        assertThatThrownBy(() -> ipam.acquire(sandbox("one-more")))
                .hasMessageContaining("no address is free in 10.0.0.0/29: 5 sandboxes hold them");
    }

    @Test
    void manyAtOnceGetDifferentAddresses() throws Exception {
        Ipam ipam = new Ipam(directory, RANGE);
        List<Callable<Lease>> work = IntStream.range(0, 100)
                .<Callable<Lease>>mapToObj(i -> () -> ipam.acquire(sandbox("s" + i)))
                .toList();
        Set<Object> addresses = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var lease : threads.invokeAll(work)) {
                addresses.add(lease.get().address());
            }
        }

        assertThat(addresses).hasSize(100);
    }

    private static PortBinding port(Protocol protocol, String address) {
        return new PortBinding(
                protocol, address.isEmpty() ? Optional.empty() : Optional.of(Ipv4.parse(address)), 80, 8080);
    }

    private static Sandbox sandbox(String name, PortBinding... ports) {
        return new Sandbox(new SandboxId(name), "default/" + name, Path.of("/proc/self/ns/net"), List.of(ports));
    }
}
