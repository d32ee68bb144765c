package dev.keelson.apiserver.storage;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Durable objects with one cluster-wide, contiguous revision that counts in commit order.
 *
 * <p>An object is opaque JSON bytes without {@code metadata.resourceVersion}; readers put the revision in. Writes that
 * arrive together are committed together. All methods answer asynchronously and never block the caller; failures are
 * {@link StorageException}.
 */
public interface Storage {

    /**
     * Commits the writes atomically: all or none, at one revision each in list order. Readers see all of them or none.
     *
     * @param author name of the user for the history, or empty
     * @return the objects as stored, in the order of the writes
     */
    CompletionStage<List<Stored>> commit(List<Write> writes, String author);

    /** A commit by nobody in particular. */
    default CompletionStage<List<Stored>> commit(List<Write> writes) {
        return commit(writes, "");
    }

    /** The newest state of one object from the database, bypassing every cache; fails with {@code NOT_FOUND}. */
    CompletionStage<Stored> get(ObjectKey key);

    /** The newest revision that is committed. */
    CompletionStage<Revision> currentRevision();

    /** How many bytes the objects, and what is kept beside them, take where they are stored. */
    CompletionStage<Long> sizeInBytes();
}
