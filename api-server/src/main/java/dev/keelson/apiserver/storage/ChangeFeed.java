package dev.keelson.apiserver.storage;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** One revision sequence as its readers see it: the state at a revision, then every change after it, in order. */
public interface ChangeFeed {

    /**
     * Hands every stored object to the sink, a page at a time, all as of one revision.
     *
     * @return that revision
     */
    CompletionStage<Revision> load(Consumer<List<Stored>> sink);

    /** The newest revision that is committed. */
    CompletionStage<Revision> current();

    /**
     * Changes after a revision, oldest first, somewhat more than the limit at most: a commit comes whole. Without
     * {@link Change#previous()}.
     */
    CompletionStage<List<Change>> readAfter(Revision after, ReadLimit limit);

    /**
     * Changes of one resource with {@code after < revision <= upTo}, oldest first, with their previous state. Fails with
     * {@code EXPIRED} when history no longer reaches back to {@code after}.
     */
    CompletionStage<List<Change>> history(Scope scope, Revision after, Revision upTo, ReadLimit limit);

    /** Calls the listener from now on; at most one listener. */
    void listen(Listener listener);

    /** One resource of the API, all namespaces. */
    record Scope(String group, String resource) {}

    /** Both methods may be called from any thread, must not block, and are hints: missing one loses nothing. */
    interface Listener {
        /** Changes that this process has just committed, contiguous and in order. */
        void committed(List<Change> changes);

        /** Something may have been committed elsewhere. */
        void wake();
    }
}
