package dev.keelson.linux.net.nft;

import static org.assertj.core.api.Assertions.assertThat;

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
                        "AddRules",
                        "AddRules",
                        "AddElements",
                        "AddBaseChain",
                        "Lead");
    }

    @Test
    void aChangedChainIsAddedBeforeTheElementMovesAndRemovedAfter() {
        Ruleset before = ruleset("10.0.0.1");
        Ruleset after = ruleset("10.0.0.2");

        List<Change> changes = RulesetDiff.between(ObservedTable.of(before), after);

        String old = before.chains().getFirst().name();
        String fresh = after.chains().getFirst().name();
        assertThat(changes)
                .containsExactly(
                        new Change.AddChain(fresh),
                        new Change.AddRules(after.chains().getFirst()),
                        new Change.RemoveElements(after.sets().getFirst(), Set.of(PORT)),
                        new Change.AddElements(after.sets().getFirst(), Map.of(PORT, Value.goTo(fresh))),
                        new Change.EmptyChain(old),
                        new Change.RemoveChain(old));
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
        Ruleset ruleset = new Ruleset("t", Map.of(), List.of(), List.of(clients));
        ObservedTable filled = new ObservedTable(
                true, Set.of(), Map.of("clients", Map.of(Key.of(Ipv4.parse("10.0.0.1")), Value.NONE)));

        assertThat(RulesetDiff.between(filled, ruleset)).isEmpty();
    }

    private static Ruleset ruleset(String target) {
        Chain endpoint = Chain.of(
                "endpoint", List.of(Rule.of("", new Statement.Redirect(new Value.Target(Ipv4.parse(target), 8080)))));
        Chain dispatch = Chain.of("a-dispatch", List.of(Rule.of("", new Statement.MapToVerdict(KEY, "ports"))));
        NftSet ports = NftSet.of("ports", KEY, Holds.VERDICT, Map.of(PORT, Value.goTo(endpoint.name())));
        return new Ruleset("t", Map.of(Hook.NAT_PREROUTING, dispatch), List.of(endpoint), List.of(ports));
    }
}
