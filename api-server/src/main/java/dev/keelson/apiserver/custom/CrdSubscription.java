package dev.keelson.apiserver.custom;

import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Tells of every change of a CustomResourceDefinition; what changed is read from the cache. */
public final class CrdSubscription implements AutoCloseable {
    private static final String GROUP = "apiextensions.k8s.io";
    private static final String PLURAL = "customresourcedefinitions";

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final WatchCache cache;
    private volatile boolean closed;
    private Optional<WatchCache.Subscription> subscription = Optional.empty();

    public CrdSubscription(WatchCache cache) {
        this.cache = cache;
    }

    /** Calls the listener, which must not wait, from any thread, until closed. Waits for a cache that is not there yet. */
    void follow(Runnable listener) {
        while (!closed && !Thread.currentThread().isInterrupted()) {
            try {
                subscribe(cache.revision(GROUP, PLURAL), listener);
                listener.run();
                return;
            } catch (StorageException notYet) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private synchronized void subscribe(Revision from, Runnable listener) {
        subscription = Optional.of(cache.subscribe(GROUP, PLURAL, "", from, new WatchCache.Subscriber() {
            @Override
            public void onEvents(List<WatchEvent> events) {
                listener.run();
            }

            @Override
            public void onProgress(Revision revision) {}

            @Override
            public void onClose(Throwable cause) {
                // The cache starts over: so does whoever looks at it.
                Thread.startVirtualThread(() -> follow(listener));
            }
        }));
    }

    @Override
    public synchronized void close() {
        closed = true;
        subscription.ifPresent(WatchCache.Subscription::cancel);
    }
}
