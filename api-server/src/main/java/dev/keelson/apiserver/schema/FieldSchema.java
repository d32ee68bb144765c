package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One field of an object type, with the rules by which patches merge it.
 *
 * @param patchStrategies {@code merge}, {@code retainKeys}; empty means replace
 * @param patchMergeKey the field that identifies an element in a strategic merge; empty for lists of scalars
 * @param listType how server-side apply treats a list
 * @param listMapKeys the fields that identify an element in server-side apply
 * @param atomicMap whether server-side apply owns the object or map as a whole
 * @param defaultValue what an absent value means, for keys of list elements
 */
public record FieldSchema(
        String name,
        FieldType type,
        Set<String> patchStrategies,
        String patchMergeKey,
        ListKind listType,
        List<String> listMapKeys,
        boolean atomicMap,
        Optional<JsonNode> defaultValue) {

    /** {@code x-kubernetes-list-type}. */
    public enum ListKind {
        ATOMIC,
        SET,
        MAP
    }

    public FieldSchema {
        patchStrategies = Set.copyOf(patchStrategies);
        listMapKeys = List.copyOf(listMapKeys);
    }

    /** A field about which nothing is known: any JSON, replaced as a whole. */
    public static FieldSchema unknown(String name) {
        return new FieldSchema(
                name, FieldType.Scalar.ANY, Set.of(), "", ListKind.ATOMIC, List.of(), false, Optional.empty());
    }

    public boolean mergesInPatches() {
        return patchStrategies.contains("merge");
    }

    public boolean retainsKeys() {
        return patchStrategies.contains("retainKeys");
    }
}
