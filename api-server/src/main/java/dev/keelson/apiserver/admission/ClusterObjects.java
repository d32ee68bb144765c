package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The cluster-wide objects that other objects refer to by name, or get because one of them is the default. */
public record ClusterObjects(WatchCache cache, Storage storage) {

    /** One object; memory may not show yet what was created a moment ago, so the database has the last word. */
    Optional<ObjectNode> find(String group, String plural, String name) {
        ObjectKey key = new ObjectKey(group, plural, "", name);
        Optional<ObjectNode> cached = cache.get(key).map(CachedObject::tree);
        if (cached.isPresent()) {
            return cached;
        }
        try {
            return Optional.of(Trees.parse(Waiting.forResult(storage.get(key)).json()));
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    List<ObjectNode> all(String group, String plural) {
        return cache.list(group, plural, "").objects().stream()
                .map(CachedObject::tree)
                .toList();
    }

    /** The newest that is marked as the default, by name when two are equally new. */
    Optional<ObjectNode> newestDefault(String group, String plural, Predicate<ObjectNode> marked) {
        return all(group, plural).stream()
                .filter(marked)
                .min(Comparator.<ObjectNode, String>comparing(object ->
                                object.at("/metadata/creationTimestamp").asText())
                        .reversed()
                        .thenComparing(object -> object.at("/metadata/name").asText()));
    }
}
