package dev.keelson.linux.net.nft;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel says of a table, as far as it is compared.
 *
 * @param chains names of all its chains
 * @param sets elements of its sets by name
 */
public record ObservedTable(boolean exists, Set<String> chains, Map<String, Map<Key, Value>> sets) {
    public static final ObservedTable ABSENT = new ObservedTable(false, Set.of(), Map.of());

    public ObservedTable {
        chains = Set.copyOf(chains);
        sets = Map.copyOf(sets);
    }

    /** What the kernel holds after exactly this ruleset was applied. */
    public static ObservedTable of(Ruleset ruleset) {
        var chains = new HashSet<String>();
        ruleset.hooks().forEach((hook, chain) -> {
            chains.add(Ruleset.baseChain(hook));
            chains.add(chain.name());
        });
        ruleset.entrances().forEach((name, chain) -> {
            chains.add(name);
            chains.add(chain.name());
        });
        ruleset.chains().forEach(chain -> chains.add(chain.name()));
        var sets = new HashMap<String, Map<Key, Value>>();
        ruleset.sets().forEach(set -> sets.put(set.name(), set.elements()));
        return new ObservedTable(true, chains, sets);
    }

    Optional<Map<Key, Value>> elements(String set) {
        return Optional.ofNullable(sets.get(set));
    }
}
