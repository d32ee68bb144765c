package dev.keelson.apiserver.watch;

import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.storage.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Readers that wait until the cache has reached a revision, for a bounded time. */
final class RevisionWaiters {
    private record Waiter(Revision revision, CompletableFuture<Void> reached) {}

    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>(Comparator.comparing(Waiter::revision));

    CompletionStage<Void> add(Revision revision, Supplier<Revision> current, Duration timeout) {
        Waiter waiter = new Waiter(revision, new CompletableFuture<>());
        CompletionStage<Void> answer = waiter.reached()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    remove(waiter);
                    throw new StorageException(
                            StorageException.Kind.UNAVAILABLE,
                            "revision %s was not reached within %d ms; the newest seen is %s"
                                    .formatted(revision, timeout.toMillis(), current.get()));
                });
        synchronized (this) {
            waiters.add(waiter);
        }
        // The revision may have been reached between the caller's look and the line above.
        reached(current.get());
        return answer;
    }

    void reached(Revision revision) {
        List<Waiter> ready = new ArrayList<>();
        synchronized (this) {
            while (!waiters.isEmpty() && waiters.peek().revision().compareTo(revision) <= 0) {
                ready.add(waiters.poll());
            }
        }
        ready.forEach(waiter -> waiter.reached().complete(null));
    }

    private synchronized void remove(Waiter waiter) {
        waiters.remove(waiter);
    }
}
