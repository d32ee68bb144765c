package dev.keelson.cni.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.cni.driver.Network;
import dev.keelson.cni.driver.PortBinding;
import dev.keelson.cni.driver.SandboxId;
import dev.keelson.cni.ipam.Lease;
import dev.keelson.linux.net.Cidr;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.Key;
import dev.keelson.linux.net.nft.Protocol;
import dev.keelson.linux.net.nft.Ruleset;
import dev.keelson.linux.net.nft.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BridgeRulesTest {
    private static final Network NETWORK =
            Network.ofCluster("one", Cidr.parse("10.244.1.0/24"), Cidr.parse("10.128.0.0/16"));

    @Test
    void namesOfTwoClustersDiffer() {
        Network other = Network.ofCluster("two", NETWORK.addresses(), NETWORK.services());

        assertThat(BridgeRules.bridge(NETWORK)).hasSize(10).startsWith("kl").isNotEqualTo(BridgeRules.bridge(other));
        assertThat(BridgeRules.table(NETWORK)).isEqualTo("keelson-one");
        assertThat(NETWORK.deviceOf(new SandboxId("a"))).hasSizeLessThanOrEqualTo(15);
        assertThat(NETWORK.deviceOf(new SandboxId("a"))).isNotEqualTo(other.deviceOf(new SandboxId("a")));
    }

    @Test
    void podsWithoutHostPortsNeedNoElement() {
        Ruleset ruleset = BridgeRules.plan(NETWORK, List.of(lease("a", "10.244.1.2")));

        assertThat(ruleset.sets()).allMatch(set -> set.elements().isEmpty());
    }

    @Test
    void hostPortsOfAllAndOfOneAddressAreTwoMaps() {
        Ruleset ruleset = BridgeRules.plan(
                NETWORK,
                List.of(lease(
                        "a",
                        "10.244.1.2",
                        new PortBinding(Protocol.TCP, Optional.empty(), 80, 8080),
                        new PortBinding(Protocol.UDP, Optional.of(Ipv4.parse("192.0.2.2")), 53, 5353))));

        assertThat(elements(ruleset, "host-ports"))
                .containsExactly(Map.entry(Key.of(Protocol.TCP, 80), new Value.Target(Ipv4.parse("10.244.1.2"), 8080)));
        assertThat(elements(ruleset, "host-address-ports"))
                .containsExactly(Map.entry(
                        Key.of(Ipv4.parse("192.0.2.2"), Protocol.UDP, 53),
                        new Value.Target(Ipv4.parse("10.244.1.2"), 5353)));
    }

    @Test
    void addingAPodChangesNoChain() {
        Ruleset before = BridgeRules.plan(NETWORK, List.of());
        Ruleset after = BridgeRules.plan(
                NETWORK, List.of(lease("a", "10.244.1.2", new PortBinding(Protocol.TCP, Optional.empty(), 80, 8080))));

        assertThat(after.hooks()).isEqualTo(before.hooks());
    }

    private static Map<Key, Value> elements(Ruleset ruleset, String name) {
        return ruleset.sets().stream()
                .filter(set -> set.name().equals(name))
                .findFirst()
                .orElseThrow()
                .elements();
    }

    private static Lease lease(String id, String address, PortBinding... ports) {
        return new Lease(new SandboxId(id), "default/" + id, Ipv4.parse(address), List.of(ports));
    }
}
