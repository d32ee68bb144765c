package dev.keelson.linux.net.nft;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a table should hold.
 *
 * @param hooks for every hook that the table listens at, the chain that packets go through there
 * @param chains all other chains
 */
public record Ruleset(String table, Map<Hook, Chain> hooks, List<Chain> chains, List<NftSet> sets) {
    public Ruleset {
        hooks = Map.copyOf(hooks);
        chains = List.copyOf(chains);
        sets = List.copyOf(sets);
    }

    /** The name of the base chain that stands at a hook and does nothing but jump to the hook's chain. */
    static String baseChain(Hook hook) {
        return hook.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
