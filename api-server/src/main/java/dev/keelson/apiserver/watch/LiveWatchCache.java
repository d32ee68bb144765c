package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ChangeFeed;
import dev.keelson.apiserver.storage.ChangeSource;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.Sequence;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The watch cache over any store whose changes can be followed. Reads take no lock; one thread does all changes. */
public final class LiveWatchCache implements WatchCache, AutoCloseable {
    // Discards what comes after close: a store that still reports commits then must not fail because nobody listens.
    private final ScheduledExecutorService cacheThread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("watch-cache").daemon().factory(), new ThreadPoolExecutor.DiscardPolicy());
    private final Map<Sequence, SequenceCache> caches = new EnumMap<>(Sequence.class);
    private final WatchCacheConfig config;

    public LiveWatchCache(ChangeSource source, WatchCacheConfig config, CacheMetrics metrics) {
        this.config = config;
        for (Sequence sequence : Sequence.values()) {
            ChangeFeed feed = source.feed(sequence);
            caches.put(sequence, new SequenceCache(sequence, feed, cacheThread, config, metrics));
        }
    }

    /** Loads everything that is stored and follows it from there; reads are right once the stage completes. */
    public CompletionStage<Void> start() {
        long poll = config.pollInterval().toMillis();
        long progress = config.progressInterval().toMillis();
        CompletableFuture<?>[] loads = caches.values().stream()
                .map(cache -> cache.load().toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        for (SequenceCache cache : caches.values()) {
            cacheThread.scheduleWithFixedDelay(cache::poll, poll, poll, TimeUnit.MILLISECONDS);
            cacheThread.scheduleWithFixedDelay(cache::progress, progress, progress, TimeUnit.MILLISECONDS);
        }
        return CompletableFuture.allOf(loads);
    }

    @Override
    public CompletionStage<Void> await(String group, String resource, Revision revision) {
        return cache(group, resource).await(revision);
    }

    @Override
    public CompletionStage<Revision> awaitLatest(String group, String resource) {
        return cache(group, resource).awaitLatest();
    }

    @Override
    public Revision revision(String group, String resource) {
        return cache(group, resource).revision();
    }

    @Override
    public Optional<CachedObject> get(ObjectKey key) {
        return cache(key.group(), key.resource()).get(key);
    }

    @Override
    public Snapshot list(String group, String resource, String namespace) {
        return cache(group, resource).list(group, resource, namespace);
    }

    @Override
    public Subscription subscribe(
            String group, String resource, String namespace, Revision from, Subscriber subscriber) {
        return cache(group, resource).subscribe(group, resource, namespace, from, subscriber);
    }

    /** {@link SequenceCache#between}. */
    List<CachedObject> between(Sequence sequence, Optional<ObjectKey> after, Optional<ObjectKey> last) {
        return caches.get(sequence).between(after, last);
    }

    /** Loads everything again; subscribers are closed with {@code EXPIRED} and start over. */
    void reload(Sequence sequence, String reason) {
        cacheThread.execute(() -> caches.get(sequence).lost(reason));
    }

    @Override
    public void close() {
        cacheThread.shutdownNow();
    }

    private SequenceCache cache(String group, String resource) {
        return caches.get(Sequence.of(group, resource));
    }
}
