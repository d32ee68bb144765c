package dev.keelson.apiserver.custom;

import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.WatchCache;
import dev.keelson.apiserver.watch.WatchEvent;
import java.util.List;
import java.util.Optional;

/** Tells of every change of a CustomResourceDefinition; what changed is read from the cache. */
public final class CrdSubscription implements AutoCloseable {
    private static final String GROUP = "apiextensions.k8s.io";
    private static final String PLURAL = "customresourcedefinitions";

    private final WatchCache cache;
    private Optional<WatchCache.Subscription> subscription = Optional.empty();

    public CrdSubscription(WatchCache cache) {
        this.cache = cache;
    }

    /** Calls the listener, which must not wait, from any thread, until closed. */
    void follow(Runnable listener) {
        subscribe(cache.revision(GROUP, PLURAL), listener);
        listener.run();
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
        subscription.ifPresent(WatchCache.Subscription::cancel);
    }
}
