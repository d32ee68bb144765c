package dev.keelson.cli.command;

import java.time.Duration;

/** Gives the memory that starting up took back to the machine: no collection would run in an idle process. */
final class IdleHeap {
    private static final Duration AFTER_START = Duration.ofSeconds(8);

    private IdleHeap() {}

    static void shrinkAfterStart() {
        Thread.ofVirtual().name("idle-heap").start(() -> {
            try {
                Thread.sleep(AFTER_START);
                System.gc();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
