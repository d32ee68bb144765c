package dev.keelson.apiserver.storage.model;

import dev.keelson.apiserver.storage.MemoryStorage;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import dev.keelson.apiserver.watch.CacheMetrics;
import dev.keelson.apiserver.watch.LiveWatchCache;
import dev.keelson.apiserver.watch.WatchCacheConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class MemoryStoreModelTest extends StoreModelContract {

    @Override
    protected StoreWorld newWorld() {
        return new MemoryWorld();
    }

    @Override
    protected int operations() {
        return 400;
    }

    /** Two caches over one memory; the store itself does not die, its servers do. */
    private static final class MemoryWorld implements StoreWorld {
        private static final WatchCacheConfig TINY =
                new WatchCacheConfig(4_000, Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofSeconds(1));

        private final MemoryStorage storage = new MemoryStorage();
        private volatile List<Server> servers = List.of(start(), start());

        private Server start() {
            LiveWatchCache cache = new LiveWatchCache(storage, TINY, CacheMetrics.NONE);
            cache.start().toCompletableFuture().join();
            return new Server(storage, storage.feed(Sequence.LOG), cache);
        }

        @Override
        public List<Server> servers() {
            return servers;
        }

        @Override
        public void compact(Revision upTo, Instant before) {
            storage.forgetHistory(Sequence.LOG, upTo);
        }

        @Override
        public void crash(Random random) {
            List<Server> changed = new ArrayList<>(servers);
            int victim = random.nextInt(changed.size());
            changed.get(victim).cache().close();
            changed.set(victim, start());
            servers = List.copyOf(changed);
        }

        @Override
        public void close() {
            servers.forEach(server -> server.cache().close());
        }
    }
}
