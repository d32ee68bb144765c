package dev.keelson.cli.memory;

import dev.keelson.cli.cluster.Distribution;
import dev.keelson.cli.cluster.FilePages;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Gives the memory that starting up took back to the machine: the JVM would keep it in an idle process. */
public final class IdleMemory {
    private static final Logger LOG = System.getLogger(IdleMemory.class.getName());
    private static final Duration AFTER_START = Duration.ofSeconds(10);
    /** Rare requests touch code that is not needed for long, and a slow machine is still starting the first time. */
    private static final Duration AGAIN = Duration.ofMinutes(1);
    /** Whoever works needs these pages now: an interval in which less than a tenth of a processor was used is idle. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private static final Duration IDLE = INTERVAL.dividedBy(10);

    private IdleMemory() {}

    public static void shrinkAfterStart() {
        Thread.ofVirtual().name("idle-memory").start(() -> {
            try {
                awaitIdle(AFTER_START);
                System.gc();
                if (FilePages.load(Distribution.here().pagesLibrary())) {
                    keepReleasing();
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } catch (IOException unreadable) {
                LOG.log(Level.WARNING, "cannot give back file pages: {0}", unreadable.getMessage());
            }
        });
    }

    private static void keepReleasing() throws IOException, InterruptedException {
        FilePages.release();
        FilePages.evictCaches();
        awaitIdle(AGAIN);
        // Not more often: what has been read by now is what running needs.
        FilePages.evictCaches();
        while (true) {
            awaitIdle(AGAIN);
            FilePages.release();
        }
    }

    private static void awaitIdle(Duration least) throws InterruptedException {
        Thread.sleep(least);
        Duration used = processorTime();
        while (true) {
            Thread.sleep(INTERVAL);
            Duration now = processorTime();
            if (now.minus(used).compareTo(IDLE) < 0) {
                return;
            }
            used = now;
        }
    }

    static Duration processorTime() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
