package dev.keelson.apiserver.auth;

import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Objects in a watch cache over memory, for what decides by looking there. */
public final class CachedWorld implements AutoCloseable {
    private final MemoryStorage storage = new MemoryStorage();
    private final LiveWatchCache cache = new LiveWatchCache(storage, WatchCacheConfig.defaults(), CacheMetrics.NONE);

    public CachedWorld() {
        cache.start().toCompletableFuture().join();
    }

    public WatchCache cache() {
        return cache;
    }

    /** Stores an object of the core group and waits until memory shows it, with single quotes for double ones. */
    public ObjectKey put(String plural, String namespace, String name, String uid, String body) {
        return put(plural, namespace, name, uid, body, "");
    }

    /** @param metadata more of it, each entry with a comma before it */
    public ObjectKey put(String plural, String namespace, String name, String uid, String body, String metadata) {
        ObjectKey key = new ObjectKey("", plural, namespace, name);
        String json = "{'metadata':{'name':'%s','namespace':'%s','uid':'%s'%s}%s}"
                .formatted(name, namespace, uid, metadata, body.isEmpty() ? "" : "," + body)
                .replace('\'', '"');
        commit(new Write.Create(key, uid, json.getBytes(StandardCharsets.UTF_8)));
        return key;
    }

    public void delete(ObjectKey key) {
        Stored current = storage.get(key).toCompletableFuture().join();
        commit(new Write.Delete(key, current.revision(), current.json()));
    }

    private void commit(Write write) {
        Stored stored =
                storage.commit(List.of(write)).toCompletableFuture().join().getLast();
        cache.await(stored.revision())
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    @Override
    public void close() {
        cache.close();
    }
}
