package dev.keelson.node;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for something that another thread brings about. */
public final class Deadline {
    private Deadline() {}

    public static void await(String what, Duration limit, Callable<Boolean> holds) {
        long end = System.nanoTime() + limit.toNanos();
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (holds.call()) {
                    return;
                }
            } catch (Exception notYet) {
                last = notYet;
            }
            LockSupport.parkNanos(1_000_000);
        }
        throw new AssertionError("not within " + limit + ": " + what, last);
    }
}
