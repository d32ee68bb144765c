package dev.keelson.apiserver.registry;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends waits that take too long. One thread looks at all of them now and then, while there are any: a timer for each,
 * set and cancelled with every request, wakes its thread twice, which costs more than a small read.
 */
final class Deadlines {
    /** The stage did not end in time. */
    static final class Missed extends Exception {
        private static final long serialVersionUID = 1;

        private Missed() {
            super("too late", null, false, false);
        }
    }

    private record Wait(CompletableFuture<?> result, long deadline) {}

    private final Set<Wait> waits = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final Duration tick;

    /** @param tick by how much a wait may be longer than its limit */
    Deadlines(Duration tick) {
        this.tick = tick;
    }

    /**
     * The stage's result.
     *
     * @throws ExecutionException with the stage's failure, or {@link Missed} at the deadline; the stage itself goes on
     */
    <T> T await(CompletionStage<T> stage, Duration limit) throws InterruptedException, ExecutionException {
        CompletableFuture<T> result = stage.toCompletableFuture();
        if (result.isDone()) {
            return result.get();
        }
        CompletableFuture<T> mine = result.copy();
        Wait wait = new Wait(mine, System.nanoTime() + limit.toNanos());
        waits.add(wait);
        watch();
        try {
            return mine.get();
        } finally {
            waits.remove(wait);
        }
    }

    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            Thread.ofVirtual().name("deadlines").start(this::look);
        }
    }

    private void look() {
        try {
            do {
                while (!waits.isEmpty()) {
                    Thread.sleep(tick);
                    endLate(System.nanoTime());
                }
                watched.set(false);
                // Who came before the line above saw a watcher, and would have none now.
            } while (!waits.isEmpty() && watched.compareAndSet(false, true));
        } catch (InterruptedException stopped) {
            watched.set(false);
        }
    }

    private void endLate(long now) {
        waits.stream().filter(wait -> wait.deadline() - now < 0).forEach(wait -> wait.result()
                .completeExceptionally(new Missed()));
    }
}
