package dev.keelson.linux.net.nft;

import java.util.Map;
import java.util.Set;

/** One step of a transaction on a table. */
public sealed interface Change {
    record AddTable() implements Change {}

    record AddSet(NftSet set) implements Change {}

    record AddBaseChain(Hook hook) implements Change {}

    record AddChain(String name) implements Change {}

    record AddRules(Chain chain) implements Change {}

    record RemoveElements(NftSet set, Set<Key> keys) implements Change {}

    record AddElements(NftSet set, Map<Key, Value> elements) implements Change {}

    /** Makes a base chain or an entrance lead to the chain instead of where it led. */
    record Lead(String from, String chain) implements Change {}

    record EmptyChain(String name) implements Change {}

    record RemoveSet(String name) implements Change {}

    record RemoveChain(String name) implements Change {}
}
