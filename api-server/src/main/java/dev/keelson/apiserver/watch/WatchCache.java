package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Revision;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Current objects and recent history in memory; every read and watch of the API is served from here. */
public interface WatchCache {

    /**
     * Completes once the cache shows everything of the resource up to the revision; fails with {@code UNAVAILABLE} when
     * that takes longer than a few seconds (the revision may lie in the future).
     */
    CompletionStage<Void> await(String group, String resource, Revision revision);

    /**
     * Completes once the cache shows everything of the resource that was committed before this call, by any server: the
     * wait of a consistent read. Concurrent calls share one question to the database.
     *
     * @return the revision that was awaited
     */
    CompletionStage<Revision> awaitLatest(String group, String resource);

    /** The revision that the cache shows now for the resource; leases count in a sequence of their own. */
    Revision revision(String group, String resource);

    /** {@link #await(String, String, Revision)} for every resource that is in the revision log: all but leases. */
    default CompletionStage<Void> await(Revision revision) {
        return await("", "", revision);
    }

    /** {@link #revision(String, String)} for every resource that is in the revision log: all but leases. */
    default Revision revision() {
        return revision("", "");
    }

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

        /**
         * Whether more can be taken now; asked before each delivery. Whoever says no calls {@link
         * Subscription#resume()} when that has changed.
         */
        default boolean ready() {
            return true;
        }

        /** The only name of objects whose events are wanted, or empty for any; the same at every call. */
        default Optional<String> onlyName() {
            return Optional.empty();
        }

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
