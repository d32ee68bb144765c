package dev.keelson.linux.net.nft;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A named set or map of a table.
 *
 * @param key the fields whose concatenation is looked up
 * @param holds what an element holds
 * @param timeout present for a set that rules add to at run time: how long an element stays since its last use; its
 *     elements are not compared
 */
public record NftSet(String name, List<Field> key, Holds holds, Optional<Duration> timeout, Map<Key, Value> elements) {

    /** What the elements hold: nothing (a set), a verdict, or an address and port. */
    public enum Holds {
        NOTHING,
        VERDICT,
        TARGET
    }

    public NftSet {
        key = List.copyOf(key);
        elements = Map.copyOf(elements);
    }

    public static NftSet of(String name, List<Field> key, Holds holds, Map<Key, Value> elements) {
        return new NftSet(name, key, holds, Optional.empty(), elements);
    }

    /** A set that remembers keys for a while, fed by {@link Statement.Remember}. */
    public static NftSet remembering(String name, List<Field> key, Duration timeout) {
        return new NftSet(name, key, Holds.NOTHING, Optional.of(timeout), Map.of());
    }
}
