package dev.keelson.linux.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RtnetlinkIT {
    private static final MacAddress MAC = new MacAddress(0x0a5800000001L);

    private NetworkNamespace here;
    private NetworkNamespace there;
    private Rtnetlink links;
    private Rtnetlink inside;

    @BeforeEach
    void open() {
        here = NetworkNamespace.create();
        there = NetworkNamespace.create();
        links = Rtnetlink.open(here);
        inside = Rtnetlink.open(there);
    }

    @AfterEach
    void close() {
        links.close();
        inside.close();
        here.close();
        there.close();
    }

    @Test
    void aVethPeerIsBornInTheOtherNamespace() {
        links.createVeth(new VethPair("v0", "eth0", MAC, 1400, there));

        assertThat(links.link("v0")).map(Link::kind).contains("veth");
        assertThat(links.link("eth0")).isEmpty();
        assertThat(inside.requireLink("eth0"))
                .satisfies(eth -> assertThat(eth.mac()).isEqualTo(MAC))
                .satisfies(eth -> assertThat(eth.mtu()).isEqualTo(1400))
                .satisfies(eth -> assertThat(eth.up()).isFalse());
    }

    @Test
    void aVethEndIsBornAsAPortOfItsBridge() {
        links.createBridge("br0", MAC, 1400);
        Link bridge = links.requireLink("br0");
        links.createVeth(new VethPair("v0", "eth0", MAC, 1400, there, Optional.of(bridge)));

        assertThat(links.requireLink("v0").master()).isEqualTo(bridge.index());
    }

    @Test
    void ofChangesMadeTogetherTheFirstFailureIsToldAndTheOthersAreMade() {
        Link missing = new Link(4711, "gone", "", MAC, 1500, 0, false, false);
        links.createBridge("br0", MAC, 1400);
        Link bridge = links.requireLink("br0");
        LinkChanges changes = new LinkChanges()
                .setUp(bridge)
                .setUp(missing)
                .addAddress(missing, Ipv4.parse("10.1.0.1"), 16)
                .addAddress(bridge, Ipv4.parse("10.1.0.2"), 16);

        assertThatThrownBy(() -> links.apply(changes))
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining("switch on gone");
        assertThat(links.requireLink("br0").up()).isTrue();
        assertThat(links.addresses()).extracting(LinkAddress::address).containsExactly(Ipv4.parse("10.1.0.2"));
    }

    @Test
    void iproute2SeesWhatWasWritten() {
        links.createBridge("br0", MAC, 1400);
        Link bridge = links.requireLink("br0");
        links.addAddress(bridge, Ipv4.parse("10.1.0.1"), 16);
        links.addAddress(bridge, Ipv4.parse("10.1.0.1"), 16);
        links.setUp(bridge);
        links.addRoute(Route.via(Cidr.EVERYTHING, Ipv4.parse("192.0.2.1"), bridge.index()));
        links.addRoute(Route.direct(Cidr.parse("10.9.0.0/16"), bridge.index()).withSource(Ipv4.parse("10.1.0.1")));
        links.createVeth(new VethPair("v0", "eth0", MAC, 1400, there));
        Link port = links.requireLink("v0");
        links.apply(new LinkChanges()
                .addNeighbour(bridge, Ipv4.parse("10.1.0.7"), MAC)
                .setMaster(port, bridge)
                .configurePort(port, false, true, false)
                .pinStation(port, MAC));

        assertThat(NamespaceCommand.run(here, "ip", "-d", "addr"))
                .contains(
                        "inet 10.1.0.1/16",
                        "hairpin on",
                        "learning off",
                        "flood off",
                        "mcast_flood off",
                        "bcast_flood off");
        assertThat(NamespaceCommand.run(here, "ip", "route"))
                .contains("default via 192.0.2.1 dev br0", "10.9.0.0/16 dev br0", "src 10.1.0.1");
        assertThat(NamespaceCommand.run(here, "ip", "neigh")).contains("10.1.0.7 dev br0 lladdr " + MAC + " PERMANENT");
        assertThat(NamespaceCommand.run(here, "bridge", "fdb", "show", "br", "br0"))
                .contains(MAC + " dev v0 master br0 static");
        links.deleteNeighbour(bridge, Ipv4.parse("10.1.0.7"));
        links.deleteNeighbour(bridge, Ipv4.parse("10.1.0.7"));
        assertThat(NamespaceCommand.run(here, "ip", "neigh")).doesNotContain("10.1.0.7");
    }

    @Test
    void readsBackAddressesAndRoutes() {
        links.createBridge("br0", MAC, 1500);
        Link bridge = links.requireLink("br0");
        links.addAddress(bridge, Ipv4.parse("10.1.0.1"), 16);
        links.setUp(bridge);
        Route route = Route.via(Cidr.parse("192.0.2.0/24"), Ipv4.parse("10.1.0.9"), bridge.index());
        links.addRoute(route);

        assertThat(links.addresses()).contains(new LinkAddress(bridge.index(), Ipv4.parse("10.1.0.1"), 16));
        assertThat(links.routes())
                .contains(route)
                .extracting(Route::destination)
                .contains(Cidr.parse("10.1.0.0/16"));

        links.deleteRoute(route);
        links.deleteRoute(route);
        assertThat(links.routes()).doesNotContain(route);
    }

    @Test
    void linksAreRenamedAndMoved() {
        links.createVeth(new VethPair("v0", "eth0", MAC, 1500, there));
        Link link = links.requireLink("v0");

        links.rename(link, "renamed");
        links.move(link, there);

        assertThat(links.link("renamed")).isEmpty();
        assertThat(inside.link("renamed")).isPresent();
    }

    @Test
    void failuresNameOperationObjectAndErrno() {
        links.createBridge("br0", MAC, 1500);

        assertThatThrownBy(() -> links.createBridge("br0", MAC, 1500))
                .isInstanceOfSatisfying(NetlinkException.class, failure -> assertThat(failure.errno())
                        .isEqualTo(Errno.EEXIST))
                .hasMessageStartingWith("cannot create bridge br0: EEXIST, exists already");
        assertThatThrownBy(() -> links.requireLink("nothing")).hasMessageContaining("read link nothing: ENODEV");
        assertThatThrownBy(() -> NetworkNamespace.open(Path.of("/proc/0/ns/net")))
                .hasMessageContaining("open network namespace /proc/0/ns/net: ENOENT");
        assertThatThrownBy(() ->
                        NetworkNamespace.open(Path.of("/proc/self/status")).call(() -> 1))
                .hasMessageContaining("enter network namespace /proc/self/status: EINVAL");
    }

    @Test
    void deletingWhatIsGoneIsFine() {
        links.deleteLink("nothing");
    }

    @Test
    void workInANamespaceLeavesTheThreadWhereItWas() {
        String home = namespaceOf(NetworkNamespace.current());

        assertThat(namespaceOf(here)).isNotEqualTo(home).isNotEqualTo(namespaceOf(there));
        assertThatThrownBy(() -> here.call(() -> {
                    throw new IllegalArgumentException("broken");
                }))
                .hasMessage("broken");

        assertThat(namespaceOf(NetworkNamespace.current())).isEqualTo(home);
    }

    private static String namespaceOf(NetworkNamespace namespace) {
        return namespace.call(() ->
                Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString());
    }

    @Test
    void manyThreadsShareOneSocket() throws Exception {
        List<Future<?>> work = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                String name = "br" + i;
                work.add(threads.submit(() -> {
                    links.createBridge(name, MAC, 1500);
                    assertThat(links.requireLink(name).name()).isEqualTo(name);
                    links.links();
                }));
            }
            for (Future<?> one : work) {
                one.get();
            }
        }
        assertThat(links.links()).hasSizeGreaterThanOrEqualTo(21);
    }
}
