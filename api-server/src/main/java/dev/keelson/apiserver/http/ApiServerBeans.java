package dev.keelson.apiserver.http;

import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** A store in memory for a process that brings no other: nothing survives it. */
@Singleton
final class ApiServerBeans {
    private final MemoryStorage memory = new MemoryStorage();

    @Produces
    @Singleton
    @DefaultBean
    Storage storage() {
        return memory;
    }

    @Produces
    @Singleton
    @DefaultBean
    WatchCache cache() {
        LiveWatchCache cache = new LiveWatchCache(memory, WatchCacheConfig.defaults(), CacheMetrics.NONE);
        Waiting.forResult(cache.start());
        return cache;
    }
}
