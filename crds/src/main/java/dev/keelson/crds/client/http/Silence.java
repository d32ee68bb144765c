package dev.keelson.crds.client.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Tells when one reader has waited too long. Its timer is set once and again only when it rings: to set and cancel one
 * for each event of a watch would wake another thread twice for each.
 */
final class Silence implements AutoCloseable {
    private final Runnable tooLong;
    private Optional<Future<?>> timer = Optional.empty();
    private long rings;
    private long deadline;
    private boolean waiting;
    private boolean closed;

    /** @param tooLong called at most once for each wait, on a thread that must not block */
    Silence(Runnable tooLong) {
        this.tooLong = tooLong;
    }

    /** The reader waits from now on. */
    synchronized void begins(Duration longest) {
        waiting = true;
        deadline = System.nanoTime() + longest.toNanos();
        if (timer.isEmpty() || deadline - rings < 0) {
            set();
        }
    }

    /** The reader has heard something. */
    synchronized void ends() {
        waiting = false;
    }

    private void set() {
        timer.ifPresent(earlier -> earlier.cancel(false));
        timer = Optional.empty();
        if (!closed) {
            rings = deadline;
            timer = Optional.of(
                    ForkJoinPool.commonPool().schedule(this::rang, deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
        }
    }

    private synchronized void rang() {
        timer = Optional.empty();
        if (!waiting) {
            return;
        }
        if (deadline - System.nanoTime() > 0) {
            set();
        } else {
            waiting = false;
            tooLong.run();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.ifPresent(pending -> pending.cancel(false));
        timer = Optional.empty();
    }
}
