package dev.keelson.linux.net.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.nft.NftSet.Holds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesetDiffTest {
    private static final List<Field> KEY = List.of(Field.PROTOCOL, Field.DESTINATION_PORT);
    private static final Key PORT = Key.of(Protocol.TCP, 80);

    @Test
    void nothingToDoWhenTheTableIsAsItShouldBe() {
        Ruleset ruleset = ruleset("10.0.0.1");

        assertThat(RulesetDiff.between(ObservedTable.of(ruleset), ruleset)).isEmpty();
    }

    @Test
    void anAbsentTableIsMadeWhole() {
        assertThat(RulesetDiff.between(ObservedTable.ABSENT, ruleset("10.0.0.1")))
                .extracting(change -> change.getClass().getSimpleName())
                .containsExactly(
                        "AddTable",
                        "AddSet",
                        "AddChain",
                        "AddChain",
                        "AddChain",
                        "AddRules",
                        "AddRules",
                        "AddElements",
                        "AddBaseChain",
                        "Lead",
                        "Lead");
    }

    @Test
    void aChangedChainIsAddedBeforeItsEntranceLeadsToItAndNoElementIsTouched() {
        Ruleset before = ruleset("10.0.0.1");
        Ruleset after = ruleset("10.0.0.2");

        List<Change> changes = RulesetDiff.between(ObservedTable.of(before), after);

        String old = before.entrances().get("endpoint").name();
        Chain fresh = after.entrances().get("endpoint");
        assertThat(changes)
                .containsExactly(
                        new Change.AddChain(fresh.name()),
                        new Change.AddRules(fresh),
                        new Change.Lead("endpoint", fresh.name()),
                        new Change.EmptyChain(old),
                        new Change.RemoveChain(old));
    }

    @Test
    void anEntranceThatIsNotWantedGoesWithItsElementAndItsChain() {
        Ruleset before = ruleset("10.0.0.1");
        NftSet ports = NftSet.of("ports", KEY, Holds.VERDICT, Map.of());
        Ruleset after = new Ruleset("t", before.hooks(), Map.of(), List.of(), List.of(ports));

        String behind = before.entrances().get("endpoint").name();
        assertThat(RulesetDiff.between(ObservedTable.of(before), after))
                .containsExactly(
                        new Change.RemoveElements(ports, Set.of(PORT)),
                        new Change.EmptyChain("endpoint"),
                        new Change.EmptyChain(behind),
                        new Change.RemoveChain("endpoint"),
                        new Change.RemoveChain(behind));
    }

    @Test
    void elementsLeadToNothingButEntrances() {
        Chain endpoint = Chain.of("endpoint", List.of());
        NftSet ports = NftSet.of("ports", KEY, Holds.VERDICT, Map.of(PORT, Value.goTo(endpoint.name())));

        assertThatThrownBy(() -> new Ruleset("t", Map.of(), Map.of(), List.of(endpoint), List.of(ports)))
                .hasMessage("set ports leads to chain %s, which is no entrance", endpoint.name());
    }

    @Test
    void theChainBehindAnEntranceIsNamedAfterIt() {
        Chain endpoint = Chain.of("endpoint", List.of());

        assertThatThrownBy(() -> new Ruleset("t", Map.of(), Map.of("other", endpoint), List.of(), List.of()))
                .hasMessage("entrance other leads to %s, which is not named after it", endpoint.name());
    }

    @Test
    void strangeChainsAndSetsInTheTableAreRemoved() {
        Ruleset ruleset = ruleset("10.0.0.1");
        ObservedTable standing = ObservedTable.of(ruleset);
        ObservedTable strange = new ObservedTable(
                true,
                Set.copyOf(Stream.concat(standing.chains().stream(), Stream.of("x"))
                        .toList()),
                Map.of("ports", ruleset.sets().getFirst().elements(), "left-over", Map.of()));

        assertThat(RulesetDiff.between(strange, ruleset))
                .containsExactly(
                        new Change.EmptyChain("x"), new Change.RemoveSet("left-over"), new Change.RemoveChain("x"));
    }

    @Test
    void whatRulesRememberIsNotCompared() {
        NftSet clients = NftSet.remembering("clients", List.of(Field.SOURCE_ADDRESS), Duration.ofHours(1));
        Ruleset ruleset = new Ruleset("t", Map.of(), Map.of(), List.of(), List.of(clients));
        ObservedTable filled = new ObservedTable(
                true, Set.of(), Map.of("clients", Map.of(Key.of(Ipv4.parse("10.0.0.1")), Value.NONE)));

        assertThat(RulesetDiff.between(filled, ruleset)).isEmpty();
    }

    private static Ruleset ruleset(String target) {
        Chain endpoint = Chain.of(
                "endpoint", List.of(Rule.of("", new Statement.Redirect(new Value.Target(Ipv4.parse(target), 8080)))));
        Chain dispatch = Chain.of("a-dispatch", List.of(Rule.of("", new Statement.MapToVerdict(KEY, "ports"))));
        NftSet ports = NftSet.of("ports", KEY, Holds.VERDICT, Map.of(PORT, Value.goTo("endpoint")));
        return new Ruleset(
                "t", Map.of(Hook.NAT_PREROUTING, dispatch), Map.of("endpoint", endpoint), List.of(), List.of(ports));
    }
}
