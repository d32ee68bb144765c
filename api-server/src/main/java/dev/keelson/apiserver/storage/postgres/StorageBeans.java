package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.watch.CacheComparison;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import org.flywaydb.core.Flyway;
import org.hibernate.reactive.mutiny.Mutiny;

/** Storage and cache of an API server; complete and loaded before the server takes its first request. */
@Singleton
class StorageBeans {

    void load(@Observes StartupEvent starting, WatchCache cache) {
        // Creating the cache loads it. Without this, the first request would wait for that.
        cache.revision();
    }

    @Produces
    @Singleton
    HibernateReads reads(Mutiny.SessionFactory sessions, Vertx vertx) {
        return new HibernateReads(sessions, new SessionContext(vertx));
    }

    @Produces
    @Singleton
    PostgresStorage storage(
            Vertx vertx, Pool pool, HibernateReads reads, Instance<Flyway> flyway, StorageConfig config) {
        new Schema(pool, () -> flyway.get().migrate()).bringUpToDate(config.startTimeout());
        PostgresStorage storage = new PostgresStorage(vertx, pool, reads, config.patience());
        storage.start();
        new HistoryKeeper(vertx, pool, config.retention(), InstantSource.system()).every(config.retentionInterval());
        return storage;
    }

    @Produces
    @Singleton
    PostgresHistory history(Pool pool) {
        return new PostgresHistory(pool);
    }

    @Produces
    @Singleton
    LiveWatchCache cache(
            PostgresStorage storage, HibernateReads reads, Vertx vertx, CacheMetrics metrics, StorageConfig config) {
        WatchCacheConfig defaults = WatchCacheConfig.defaults();
        LiveWatchCache cache = new LiveWatchCache(
                storage,
                new WatchCacheConfig(
                        config.windowBytes(),
                        config.pollInterval(),
                        defaults.progressInterval(),
                        defaults.awaitTimeout()),
                metrics);
        cache.start().toCompletableFuture().join();
        for (Sequence sequence : Sequence.values()) {
            compareRepeatedly(vertx, new CacheComparison(sequence, cache, reads, metrics), config.comparisonInterval());
        }
        return cache;
    }

    private static void compareRepeatedly(Vertx vertx, CacheComparison comparison, Duration interval) {
        vertx.setTimer(
                interval.toMillis(),
                // A database that is away says so elsewhere; the next round compares.
                timer -> comparison
                        .next()
                        .whenComplete((different, error) -> compareRepeatedly(vertx, comparison, interval)));
    }

    @Produces
    @Singleton
    CacheMetrics metrics(MeterRegistry registry) {
        return new MeteredCache(registry);
    }

    void close(@Disposes LiveWatchCache cache) {
        cache.close();
    }

    void close(@Disposes PostgresStorage storage) {
        storage.close();
    }
}
