package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Current objects and recent history in memory; every read and watch of the API is served from here. */
public interface WatchCache {

    /** Completes once the cache shows everything up to the revision. */
    CompletionStage<Void> await(Revision revision);

    /** The revision that the cache shows now. */
    Revision revision();

    Optional<CachedObject> get(ObjectKey key);

    /** Objects of one resource ordered by namespace and name, as of one revision; empty namespace means all. */
    Snapshot list(String group, String resource, String namespace);

    /**
     * Delivers every event of one resource after {@code from}, in order, none twice, none missing. Fails with
     * {@code EXPIRED} when the history no longer reaches back that far. A subscriber that is too slow is closed with an
     * error rather than losing an event.
     */
    Subscription subscribe(String group, String resource, String namespace, Revision from, Subscriber subscriber);

    record Snapshot(Revision revision, List<CachedObject> objects) {}

    interface Subscriber {
        /** Events of one commit batch, oldest first; called from one thread at a time and must not block. */
        void onEvents(List<WatchEvent> events);

        /** Nothing for this subscriber happened up to the revision. */
        void onProgress(Revision revision);

        /** The subscription ended by the cache's decision. */
        void onClose(Throwable cause);
    }

    interface Subscription {
        /** The subscriber takes no more events until {@link #resume()}; a bounded number is buffered. */
        void pause();

        void resume();

        void cancel();
    }
}
