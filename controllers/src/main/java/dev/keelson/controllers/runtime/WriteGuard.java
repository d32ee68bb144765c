package dev.keelson.controllers.runtime;

import dev.keelson.crds.client.Lister;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.Revisions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Remembers what a controller wrote for each key until its caches show it. A controller that plans from a cache which
 * does not show its last write yet would do that write twice: create a second pod, delete a second one.
 *
 * <p>Nothing here survives a crash, and nothing needs to: a new process starts from a fresh list.
 */
public final class WriteGuard<K> {
    private final Map<K, List<BooleanSupplier>> pending = new ConcurrentHashMap<>();
    private final Map<K, Runnable> doubts = new ConcurrentHashMap<>();

    /** The write that answered {@code written} must be seen in {@code cache} before the key is planned again. */
    public <T extends HasMetadata> T wrote(K key, Lister<T> cache, T written) {
        long revision = Revisions.of(written);
        expect(key, () -> cache.revision() >= revision);
        return written;
    }

    /** The object was deleted: the cache must lose it, or show that it is going. */
    public <T extends HasMetadata> void deleted(K key, Lister<T> cache, T object) {
        ObjectKey at = ObjectKey.of(object);
        String uid = object.getMetadata().getUid();
        expect(key, () -> cache.get(at.namespace(), at.name())
                .filter(held -> uid.equals(held.getMetadata().getUid()))
                .filter(held -> held.getMetadata().getDeletionTimestamp() == null)
                .isEmpty());
    }

    /**
     * A write failed in a way that leaves open whether it happened (no answer came). Before the key is planned again, the
     * server is asked what there is, and the cache must show all of that.
     *
     * @param live a list at the server of everything that the write may have changed
     */
    public <T extends HasMetadata> void doubt(K key, Lister<T> cache, Supplier<List<T>> live) {
        doubts.put(key, () -> live.get().forEach(object -> wrote(key, cache, object)));
    }

    private void expect(K key, BooleanSupplier visible) {
        pending.compute(key, (unused, before) -> {
            List<BooleanSupplier> all = before == null ? new ArrayList<>() : new ArrayList<>(before);
            all.add(visible);
            return all;
        });
    }

    /**
     * Whether everything written for the key is visible; what has become visible is forgotten. Fails as the server does when
     * a doubt cannot be resolved.
     */
    public boolean caughtUp(K key) {
        Runnable doubt = doubts.get(key);
        if (doubt != null) {
            doubt.run();
            doubts.remove(key, doubt);
        }
        List<BooleanSupplier> open = pending.computeIfPresent(key, (unused, all) -> {
            List<BooleanSupplier> rest = new ArrayList<>(all);
            rest.removeIf(BooleanSupplier::getAsBoolean);
            return rest.isEmpty() ? null : rest;
        });
        return open == null;
    }
}
