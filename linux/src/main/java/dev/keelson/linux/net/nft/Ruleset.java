package dev.keelson.linux.net.nft;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a table should hold.
 *
 * <p>A packet keeps to the rules that were in force when it entered a hook, but sees the newest elements of a set. An
 * element that leads to a chain made in the same transaction would lead such a packet to a chain that holds nothing for
 * it yet. So elements lead to entrances, which stay while what they lead to changes.
 *
 * @param hooks for every hook that the table listens at, the chain that packets go through there
 * @param entrances for every chain whose name stays, the chain that it leads to, whose name begins with that name
 * @param chains all other chains
 */
public record Ruleset(
        String table, Map<Hook, Chain> hooks, Map<String, Chain> entrances, List<Chain> chains, List<NftSet> sets) {
    public Ruleset {
        hooks = Map.copyOf(hooks);
        entrances = Map.copyOf(entrances);
        chains = List.copyOf(chains);
        sets = List.copyOf(sets);
        entrances.forEach(Ruleset::checkEntrance);
        for (NftSet set : sets) {
            for (Value value : set.elements().values()) {
                if (value instanceof Value.GoTo(String chain) && !entrances.containsKey(chain)) {
                    throw new IllegalArgumentException(
                            "set %s leads to chain %s, which is no entrance".formatted(set.name(), chain));
                }
            }
        }
    }

    /** The chain's existence alone tells that the entrance leads to it, so it may not be another entrance's as well. */
    private static void checkEntrance(String name, Chain chain) {
        if (!chain.isNamedAfter(name)) {
            throw new IllegalArgumentException(
                    "entrance %s leads to %s, which is not named after it".formatted(name, chain.name()));
        }
    }

    /** The name of the base chain that stands at a hook and does nothing but jump to the hook's chain. */
    static String baseChain(Hook hook) {
        return hook.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
