package dev.keelson.apiserver.storage.postgres;

import dev.keelson.apiserver.storage.Stored;
import dev.keelson.apiserver.storage.Write;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A commit that waits for its turn or its answer.
 *
 * @param author who makes the changes, for the history
 * @param deadline {@link System#nanoTime()} after which the caller is told that the database is unavailable
 */
record PendingCommit(List<Write> writes, String author, CompletableFuture<List<Stored>> answer, long deadline) {
    PendingCommit(List<Write> writes, String author, long deadline) {
        this(List.copyOf(writes), author, new CompletableFuture<>(), deadline);
    }

    boolean late(long now) {
        return deadline - now < 0;
    }
}
