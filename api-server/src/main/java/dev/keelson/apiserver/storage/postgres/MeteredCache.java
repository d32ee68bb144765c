package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.watch.CacheMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The cache's troubles as counters; an alert on any increase is never wrong. */
final class MeteredCache implements CacheMetrics {
    private final Counter reloads;
    private final Counter differences;

    MeteredCache(MeterRegistry registry) {
        reloads = Counter.builder("keelson.watch.cache.reloads")
                .description("The store did not continue what the cache had seen")
                .register(registry);
        differences = Counter.builder("keelson.watch.cache.differences")
                .description("Objects in memory that were not what the store has")
                .register(registry);
    }

    @Override
    public void reloaded() {
        reloads.increment();
    }

    @Override
    public void differences(int count) {
        differences.increment(count);
    }
}
