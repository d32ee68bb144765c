package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.nft.Change.AddBaseChain;
import dev.keelson.linux.net.nft.Change.AddChain;
import dev.keelson.linux.net.nft.Change.AddElements;
import dev.keelson.linux.net.nft.Change.AddRules;
import dev.keelson.linux.net.nft.Change.AddSet;
import dev.keelson.linux.net.nft.Change.AddTable;
import dev.keelson.linux.net.nft.Change.EmptyChain;
import dev.keelson.linux.net.nft.Change.Lead;
import dev.keelson.linux.net.nft.Change.RemoveChain;
import dev.keelson.linux.net.nft.Change.RemoveElements;
import dev.keelson.linux.net.nft.Change.RemoveSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Works out the transaction that turns what a table holds into what it should hold. Equal inputs, equal changes. */
public final class RulesetDiff {
    private static final Comparator<Key> KEYS =
            Comparator.comparing(key -> key.parts().toString());

    private final ObservedTable observed;
    private final Ruleset desired;
    private final List<Change> changes = new ArrayList<>();

    private RulesetDiff(ObservedTable observed, Ruleset desired) {
        this.observed = observed;
        this.desired = desired;
    }

    /** Nothing to do is an empty list. */
    public static List<Change> between(ObservedTable observed, Ruleset desired) {
        RulesetDiff diff = new RulesetDiff(observed, desired);
        diff.add();
        diff.changeElements();
        diff.lead();
        diff.removeWhatIsStale();
        return List.copyOf(diff.changes);
    }

    /** All names first, because rules and elements of one chain refer to others. */
    private void add() {
        if (!observed.exists()) {
            changes.add(new AddTable());
        }
        desired.sets().stream()
                .filter(set -> observed.elements(set.name()).isEmpty())
                .sorted(Comparator.comparing(NftSet::name))
                .forEach(set -> changes.add(new AddSet(set)));
        List<Chain> missing = wantedChains()
                .filter(chain -> !observed.chains().contains(chain.name()))
                .distinct()
                .sorted(Comparator.comparing(Chain::name))
                .toList();
        Stream.concat(missing.stream().map(Chain::name), missingEntrances())
                .forEach(chain -> changes.add(new AddChain(chain)));
        missing.forEach(chain -> changes.add(new AddRules(chain)));
    }

    private Stream<String> missingEntrances() {
        return desired.entrances().keySet().stream()
                .filter(name -> !observed.chains().contains(name))
                .sorted();
    }

    /** Removals of all sets first: an element that moves may refer to the same chain. */
    private void changeElements() {
        List<Change> additions = new ArrayList<>();
        for (NftSet set : desired.sets()) {
            if (set.timeout().isPresent()) {
                continue;
            }
            Map<Key, Value> before = observed.elements(set.name()).orElse(Map.of());
            Set<Key> gone = new TreeSet<>(KEYS);
            before.forEach((key, value) -> {
                if (!value.equals(set.elements().get(key))) {
                    gone.add(key);
                }
            });
            Map<Key, Value> added = new TreeMap<>(KEYS);
            set.elements().forEach((key, value) -> {
                if (!value.equals(before.get(key))) {
                    added.put(key, value);
                }
            });
            if (!gone.isEmpty()) {
                changes.add(new RemoveElements(set, new LinkedHashSet<>(gone)));
            }
            if (!added.isEmpty()) {
                additions.add(new AddElements(set, new LinkedHashMap<>(added)));
            }
        }
        changes.addAll(additions);
    }

    private void lead() {
        new TreeMap<>(desired.hooks()).forEach((hook, chain) -> {
            if (!observed.chains().contains(Ruleset.baseChain(hook))) {
                changes.add(new AddBaseChain(hook));
            }
            lead(Ruleset.baseChain(hook), chain);
        });
        new TreeMap<>(desired.entrances()).forEach(this::lead);
    }

    private void lead(String from, Chain chain) {
        if (!observed.chains().containsAll(List.of(from, chain.name()))) {
            changes.add(new Lead(from, chain.name()));
        }
    }

    /** Stale chains may refer to each other and to stale sets, so they are emptied before anything goes. */
    private void removeWhatIsStale() {
        Set<String> wanted = new TreeSet<>();
        wantedChains().forEach(chain -> wanted.add(chain.name()));
        desired.hooks().keySet().forEach(hook -> wanted.add(Ruleset.baseChain(hook)));
        wanted.addAll(desired.entrances().keySet());
        List<String> chains = observed.chains().stream()
                .filter(name -> !wanted.contains(name))
                .sorted()
                .toList();
        Set<String> wantedSets = new TreeSet<>();
        desired.sets().forEach(set -> wantedSets.add(set.name()));
        chains.forEach(name -> changes.add(new EmptyChain(name)));
        observed.sets().keySet().stream()
                .filter(name -> !wantedSets.contains(name))
                .sorted()
                .forEach(name -> changes.add(new RemoveSet(name)));
        chains.forEach(name -> changes.add(new RemoveChain(name)));
    }

    private Stream<Chain> wantedChains() {
        return Stream.of(desired.hooks().values(), desired.entrances().values(), desired.chains())
                .flatMap(Collection::stream);
    }
}
