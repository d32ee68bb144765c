package dev.keelson.linux.net.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.NamespaceCommand;
import dev.keelson.linux.net.NetlinkException;
import dev.keelson.linux.net.NetworkNamespace;
import dev.keelson.linux.net.nft.NftSet.Holds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel takes what we write, nft(8) reads it as we mean it, and we read it back equal. */
class NftablesIT {
    private static final List<Field> ADDRESS_PROTOCOL_PORT =
            List.of(Field.DESTINATION_ADDRESS, Field.PROTOCOL, Field.DESTINATION_PORT);

    private NetworkNamespace namespace;
    private Nftables nftables;

    @BeforeEach
    void open() {
        namespace = NetworkNamespace.create();
        nftables = Nftables.open(namespace);
    }

    @AfterEach
    void close() {
        nftables.close();
        namespace.close();
    }

    @Test
    void writesEveryStatementAsNftReadsIt() {
        nftables.apply(everyStatement());

        String listing = NamespaceCommand.run(namespace, "nft", "list", "table", "ip", "keelson-test");

        assertThat(listing)
                .contains("type nat hook prerouting priority dstnat")
                .contains("iifname \"kl1\"")
                .contains("iifname \"kl*\" oifname != \"kl1\"")
                .contains("ip saddr 10.0.0.0/12")
                .contains("ip daddr != 10.128.0.0/16")
                .contains("meta l4proto tcp")
                .contains("icmp type redirect")
                .contains("fib daddr type local")
                .contains("ct status dnat")
                .contains("ct state invalid")
                .contains("ct state established,related")
                .contains("ip saddr . ip daddr @hairpin")
                .contains("ip daddr . meta l4proto . th dport vmap @services")
                .contains("dnat ip to meta l4proto . th dport map @host-ports")
                .contains("numgen random mod 2 map { 0 : 10.0.0.2 . 8080, 1 : 10.0.0.3 . 8081 }")
                .contains("numgen random mod 1 vmap { 0 : goto endpoint-")
                .contains("update @clients { ip saddr }")
                .contains("dnat to 10.0.0.9:80")
                .contains("masquerade")
                .contains("reject with tcp reset")
                .contains("\t\treject\n")
                .contains("comment \"why it is here\"")
                .contains("10.128.0.1 . tcp . 80 : goto door")
                .contains("jump door-");
    }

    @Test
    void readsBackWhatItWroteSoThatASecondApplyChangesNothing() {
        Ruleset ruleset = everyStatement();

        assertThat(nftables.apply(ruleset)).isNotEmpty();

        assertThat(nftables.observe(ruleset)).isEqualTo(ObservedTable.of(ruleset));
        assertThat(nftables.apply(ruleset)).isEmpty();
    }

    @Test
    void leadsAnEntranceToAnotherChainAndDropsTheOldChainInOneTransaction() {
        nftables.apply(oneService(new Value.Target(Ipv4.parse("10.0.0.2"), 80)));
        Ruleset next = oneService(new Value.Target(Ipv4.parse("10.0.0.3"), 80));

        nftables.apply(next);

        assertThat(nftables.observe(next)).isEqualTo(ObservedTable.of(next));
    }

    @Test
    void takesThousandsOfElementsInOneTransaction() {
        Map<Key, Value> elements = new HashMap<>();
        IntStream.range(0, 20_000)
                .forEach(i -> elements.put(
                        Key.of(Protocol.TCP, i + 1),
                        new Value.Target(Ipv4.parse("10.0.0.1").plus(i), 80)));
        Ruleset large = new Ruleset(
                "keelson-test",
                Map.of(),
                Map.of(),
                List.of(),
                List.of(NftSet.of("many", List.of(Field.PROTOCOL, Field.DESTINATION_PORT), Holds.TARGET, elements)));

        nftables.apply(large);

        // While the kernel still grows the set's hash table, a dump may leave elements out; adding them again is
        // harmless,
        // and once the table has its size nothing is missing.
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        int missing = nftables.apply(large).size();
        while (missing > 0 && System.nanoTime() < end) {
            missing = nftables.apply(large).size();
        }
        assertThat(missing).isZero();
    }

    @Test
    void aRefusedTransactionNamesItsObjectAndLeavesNothing() {
        Chain broken = Chain.of("broken", List.of(Rule.of("", new Statement.Jump("no-such-chain"))));
        Ruleset ruleset = new Ruleset("keelson-test", Map.of(), Map.of(), List.of(broken), List.of());

        assertThatThrownBy(() -> nftables.apply(ruleset))
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining("add rule to chain broken-")
                .hasMessageContaining("table ip keelson-test")
                .hasMessageContaining("ENOENT");
        assertThat(nftables.tables()).isEmpty();
    }

    @Test
    void tablesOfOthersThatDropForwardedPacketsAreFound() {
        nftables.apply(everyStatement());
        NamespaceCommand.run(namespace, "nft", "add table ip other");
        NamespaceCommand.run(
                namespace, "nft", "add chain ip other f { type filter hook forward priority 0; policy drop; }");
        NamespaceCommand.run(
                namespace, "nft", "add chain ip other i { type filter hook input priority 0; policy drop; }");

        assertThat(nftables.tablesThatDropForwarded()).containsExactly("other");
    }

    @Test
    void deletingATableTwiceIsFine() {
        nftables.apply(everyStatement());

        nftables.deleteTable("keelson-test");
        nftables.deleteTable("keelson-test");

        assertThat(nftables.tables()).isEmpty();
    }

    private static Ruleset oneService(Value.Target target) {
        Chain endpoint = Chain.of("endpoint", List.of(Rule.of("", new Statement.Redirect(target))));
        Chain prerouting = Chain.of(
                "dispatch", List.of(Rule.of("", new Statement.MapToVerdict(ADDRESS_PROTOCOL_PORT, "services"))));
        NftSet services = NftSet.of(
                "services",
                ADDRESS_PROTOCOL_PORT,
                Holds.VERDICT,
                Map.of(Key.of(Ipv4.parse("10.128.0.1"), Protocol.TCP, 80), Value.goTo("endpoint")));
        return new Ruleset(
                "keelson-test",
                Map.of(Hook.NAT_PREROUTING, prerouting),
                Map.of("endpoint", endpoint),
                List.of(),
                List.of(services));
    }

    private static Ruleset everyStatement() {
        Value.Target first = new Value.Target(Ipv4.parse("10.0.0.2"), 8080);
        Value.Target second = new Value.Target(Ipv4.parse("10.0.0.3"), 8081);
        Chain endpoint = Chain.of(
                "endpoint",
                List.of(Rule.of(
                        "why it is here",
                        new Statement.ProtocolIs(Protocol.TCP),
                        new Statement.Remember(Field.SOURCE_ADDRESS, "clients"),
                        new Statement.Redirect(new Value.Target(Ipv4.parse("10.0.0.9"), 80)))));
        Chain spread = Chain.of("spread", List.of(Rule.of("", new Statement.BalanceChains(List.of(endpoint.name())))));
        Chain door = Chain.of("door", List.of(Rule.of("", new Statement.GoTo(endpoint.name()))));
        Chain prerouting = Chain.of(
                "pre",
                List.of(
                        Rule.of("", new Statement.ComesInBy("kl1", false, false), new Statement.Jump(spread.name())),
                        Rule.of("", new Statement.MapToVerdict(ADDRESS_PROTOCOL_PORT, "services")),
                        Rule.of(
                                "",
                                new Statement.DestinationIsLocal(),
                                new Statement.MapToTarget(
                                        List.of(Field.PROTOCOL, Field.DESTINATION_PORT), "host-ports")),
                        Rule.of(
                                "",
                                new Statement.ProtocolIs(Protocol.TCP),
                                new Statement.Balance(List.of(first, second)))));
        Chain postrouting = Chain.of(
                "post",
                List.of(
                        Rule.of(
                                "",
                                new Statement.IsRedirected(),
                                new Statement.InSet(
                                        List.of(Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS), "hairpin"),
                                new Statement.Masquerade()),
                        Rule.of(
                                "",
                                new Statement.SourceIn(Cidr.parse("10.0.0.0/12"), false),
                                new Statement.Masquerade())));
        Chain forward = Chain.of(
                "fwd",
                List.of(
                        Rule.of("", new Statement.IsInvalid(), new Statement.Drop()),
                        Rule.of("", new Statement.IsEstablished(), new Statement.Accept()),
                        Rule.of(
                                "",
                                new Statement.ComesInBy("kl", true, false),
                                new Statement.LeavesBy("kl1", false, true),
                                new Statement.Drop()),
                        Rule.of(
                                "",
                                new Statement.ProtocolIs(Protocol.ICMP),
                                new Statement.IcmpTypeIs(5),
                                new Statement.Drop()),
                        Rule.of(
                                "",
                                new Statement.DestinationIn(Cidr.parse("10.128.0.0/16"), true),
                                new Statement.ProtocolIs(Protocol.TCP),
                                new Statement.RejectWithReset()),
                        Rule.of("", new Statement.RejectWithIcmp())));
        return new Ruleset(
                "keelson-test",
                Map.of(
                        Hook.NAT_PREROUTING, prerouting,
                        Hook.NAT_POSTROUTING, postrouting,
                        Hook.FILTER_FORWARD, forward),
                Map.of("door", door),
                List.of(endpoint, spread),
                List.of(
                        NftSet.of(
                                "services",
                                ADDRESS_PROTOCOL_PORT,
                                Holds.VERDICT,
                                Map.of(Key.of(Ipv4.parse("10.128.0.1"), Protocol.TCP, 80), Value.goTo("door"))),
                        NftSet.of(
                                "host-ports",
                                List.of(Field.PROTOCOL, Field.DESTINATION_PORT),
                                Holds.TARGET,
                                Map.of(Key.of(Protocol.UDP, 5353), first)),
                        NftSet.of(
                                "hairpin",
                                List.of(Field.SOURCE_ADDRESS, Field.DESTINATION_ADDRESS),
                                Holds.NOTHING,
                                Map.of(Key.of(first.address(), first.address()), Value.NONE)),
                        NftSet.remembering("clients", List.of(Field.SOURCE_ADDRESS), Duration.ofHours(3))));
    }
}
