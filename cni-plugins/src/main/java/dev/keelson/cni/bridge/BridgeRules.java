package dev.keelson.cni.bridge;

import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.ipam.Lease;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.nft.Chain;
import dev.keelson.linux.net.nft.Field;
import dev.keelson.linux.net.nft.Hook;
import dev.keelson.linux.net.nft.Key;
import dev.keelson.linux.net.nft.NftSet;
import dev.keelson.linux.net.nft.NftSet.Holds;
import dev.keelson.linux.net.nft.Protocol;
import dev.keelson.linux.net.nft.Rule;
import dev.keelson.linux.net.nft.Ruleset;
import dev.keelson.linux.net.nft.Statement.ComesInBy;
import dev.keelson.linux.net.nft.Statement.DestinationIn;
import dev.keelson.linux.net.nft.Statement.DestinationIsLocal;
import dev.keelson.linux.net.nft.Statement.Drop;
import dev.keelson.linux.net.nft.Statement.IcmpTypeIs;
import dev.keelson.linux.net.nft.Statement.InSet;
import dev.keelson.linux.net.nft.Statement.IsInvalid;
import dev.keelson.linux.net.nft.Statement.IsRedirected;
import dev.keelson.linux.net.nft.Statement.LeavesBy;
import dev.keelson.linux.net.nft.Statement.MapToTarget;
import dev.keelson.linux.net.nft.Statement.Masquerade;
import dev.keelson.linux.net.nft.Statement.ProtocolIs;
import dev.keelson.linux.net.nft.Statement.SourceIn;
import dev.keelson.linux.net.nft.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Plans the nftables content of a bridge network: outbound NAT, isolation, host ports. Pure. */
final class BridgeRules {
    /** All bridges of Keelson start so, whichever cluster they belong to. */
    static final String BRIDGE_PREFIX = "kl";

    private static final Cidr LOOPBACK = Cidr.parse("127.0.0.0/8");
    private static final String LOOPBACK_DEVICE = "lo";
    private static final int ICMP_REDIRECT = 5;
    private static final String PORTS = "host-ports";
    private static final String ADDRESS_PORTS = "host-address-ports";
    private static final String HAIRPIN = "hairpin";
    private static final List<Field> PORT_KEY = List.of(Field.PROTOCOL, Field.DESTINATION_PORT);
    private static final List<Field> ADDRESS_PORT_KEY =
            List.of(Field.DESTINATION_ADDRESS, Field.PROTOCOL, Field.DESTINATION_PORT);
    private static final List<Field> HAIRPIN_KEY = List.of(Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS);

    private BridgeRules() {}

    static String bridge(Network network) {
        return BRIDGE_PREFIX + network.mark();
    }

    static String table(Network network) {
        String table = "keelson-" + network.cluster();
        return network.name().equals(Network.DEFAULT) ? table : table + "-" + network.name();
    }

    static Ruleset plan(Network network, List<Lease> leases) {
        String bridge = bridge(network);
        return new Ruleset(
                table(network),
                Map.of(
                        Hook.RAW_PREROUTING, loopbackGuard(bridge),
                        Hook.NAT_PREROUTING, portDispatch("ports-in"),
                        Hook.NAT_OUTPUT, portDispatch("ports-own"),
                        Hook.NAT_POSTROUTING, sourceTranslation(network, bridge),
                        Hook.FILTER_FORWARD, isolation(bridge),
                        Hook.FILTER_OUTPUT, noRedirects(bridge)),
                Map.of(),
                List.of(),
                List.of(ports(leases), addressPorts(leases), hairpin(leases)));
    }

    /** The bridge accepts loopback destinations for host ports on 127.0.0.1; pods must not use that to reach the host. */
    private static Chain loopbackGuard(String bridge) {
        return Chain.of(
                "loopback-guard",
                List.of(Rule.of(
                        "pods cannot reach the host's loopback",
                        new ComesInBy(bridge, false, false),
                        new DestinationIn(LOOPBACK, false),
                        new Drop())));
    }

    private static Chain portDispatch(String name) {
        return Chain.of(
                name,
                List.of(
                        Rule.of("host ports of one address", new MapToTarget(ADDRESS_PORT_KEY, ADDRESS_PORTS)),
                        Rule.of(
                                "host ports of all addresses",
                                new DestinationIsLocal(),
                                new MapToTarget(PORT_KEY, PORTS))));
    }

    private static Chain sourceTranslation(Network network, String bridge) {
        return Chain.of(
                "source",
                List.of(
                        Rule.of(
                                "outbound; what the host says to itself from the gateway address stays as it is",
                                new SourceIn(network.addresses(), false),
                                new LeavesBy(bridge, false, true),
                                new LeavesBy(LOOPBACK_DEVICE, false, true),
                                new Masquerade()),
                        Rule.of(
                                "from the host's loopback",
                                new LeavesBy(bridge, false, false),
                                new SourceIn(LOOPBACK, false),
                                new Masquerade()),
                        Rule.of(
                                "a pod to itself through its host port",
                                new IsRedirected(),
                                new InSet(HAIRPIN_KEY, HAIRPIN),
                                new Masquerade())));
    }

    private static Chain isolation(String bridge) {
        return Chain.of(
                "isolation",
                List.of(
                        Rule.of(
                                "not into other clusters",
                                new ComesInBy(bridge, false, false),
                                new LeavesBy(BRIDGE_PREFIX, true, false),
                                new LeavesBy(bridge, false, true),
                                new Drop()),
                        Rule.of(
                                "not from other clusters",
                                new ComesInBy(BRIDGE_PREFIX, true, false),
                                new ComesInBy(bridge, false, true),
                                new LeavesBy(bridge, false, false),
                                new Drop()),
                        Rule.of(
                                "packets of no known connection would skip translation",
                                new ComesInBy(bridge, false, false),
                                new IsInvalid(),
                                new Drop())));
    }

    /** Pods talk to each other through the gateway on purpose, or replies would skip the translation back. */
    private static Chain noRedirects(String bridge) {
        return Chain.of(
                "no-redirects",
                List.of(Rule.of(
                        "",
                        new LeavesBy(bridge, false, false),
                        new ProtocolIs(Protocol.ICMP),
                        new IcmpTypeIs(ICMP_REDIRECT),
                        new Drop())));
    }

    private static NftSet ports(List<Lease> leases) {
        Map<Key, Value> elements = new HashMap<>();
        for (Lease lease : leases) {
            for (PortBinding port : lease.ports()) {
                if (port.hostAddress().isEmpty()) {
                    elements.put(Key.of(port.protocol(), port.hostPort()), target(lease, port));
                }
            }
        }
        return NftSet.of(PORTS, PORT_KEY, Holds.TARGET, elements);
    }

    private static NftSet addressPorts(List<Lease> leases) {
        Map<Key, Value> elements = new HashMap<>();
        for (Lease lease : leases) {
            for (PortBinding port : lease.ports()) {
                port.hostAddress()
                        .ifPresent(address ->
                                elements.put(Key.of(address, port.protocol(), port.hostPort()), target(lease, port)));
            }
        }
        return NftSet.of(ADDRESS_PORTS, ADDRESS_PORT_KEY, Holds.TARGET, elements);
    }

    private static NftSet hairpin(List<Lease> leases) {
        Map<Key, Value> elements = new HashMap<>();
        leases.stream()
                .filter(lease -> !lease.ports().isEmpty())
                .forEach(lease -> elements.put(Key.of(lease.address(), lease.address()), Value.NONE));
        return NftSet.of(HAIRPIN, HAIRPIN_KEY, Holds.NOTHING, elements);
    }

    private static Value.Target target(Lease lease, PortBinding port) {
        return new Value.Target(lease.address(), port.sandboxPort());
    }
}
