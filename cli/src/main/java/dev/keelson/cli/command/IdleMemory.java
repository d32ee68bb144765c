package dev.keelson.cli.command;

import dev.keelson.cli.cluster.Distribution;
import dev.keelson.cli.cluster.FilePages;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/** Gives the memory that starting up took back to the machine: the JVM would keep it in an idle process. */
final class IdleMemory {
    private static final Logger LOG = System.getLogger(IdleMemory.class.getName());
    private static final Duration AFTER_START = Duration.ofSeconds(15);
    /** Rare requests touch code that is not needed for long, and a slow machine is still starting the first time. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private IdleMemory() {}

    static void shrinkAfterStart() {
        Thread.ofVirtual().name("idle-memory").start(() -> {
            try {
                Thread.sleep(AFTER_START);
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
        Thread.sleep(AGAIN);
        // Not more often: what has been read by now is what running needs.
        FilePages.evictCaches();
        while (true) {
            Thread.sleep(AGAIN);
            FilePages.release();
        }
    }
}
