package dev.keelson.cli.memory;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.Optional;

/**
 * Room for a server's new objects, as much as its work asks for.
 *
 * <p>The serial collector gives new objects a fixed part of the heap, and lets the heap be as large as what was alive at
 * the last whole collection allows. With little kept free an idle server is small, and a busy one is collected forty
 * times a second. So the share that is kept free is large while the server works. A whole collection makes either count.
 */
public final class HeapRoom {
    /** Percent of the heap's old part that is kept free, at least and at most; idle is what the command line says. */
    enum Share {
        IDLE(10, 20),
        BUSY(75, 85);

        private final int least;
        private final int most;

        Share(int least, int most) {
            this.least = least;
            this.most = most;
        }
    }

    /** Starting up is work, too, but not work that goes on. */
    private static final Duration AFTER_START = Duration.ofSeconds(10);

    private static final Duration INTERVAL = Duration.ofSeconds(3);
    /** Work comes in bursts, and whoever takes the room away in between makes each of them begin without it. */
    private static final int END = (int) Duration.ofMinutes(1).dividedBy(INTERVAL);

    /** With so much room a server at its limit is collected some ten times a second, and whole collections get long. */
    private static final long ENOUGH = 40L << 20;

    private final HotSpotDiagnosticMXBean options;
    private final MemoryPoolMXBean newObjects;
    private Share share = Share.IDLE;
    /** Intervals since there was work, whatever little. */
    private int idle;

    private HeapRoom(HotSpotDiagnosticMXBean options, MemoryPoolMXBean newObjects) {
        this.options = options;
        this.newObjects = newObjects;
    }

    /** From now on, until the process ends; nothing where the collector is not the serial one. */
    public static void followWork() {
        serialEden().ifPresent(eden -> {
            var options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            Thread.ofVirtual().name("heap-room").start(new HeapRoom(options, eden)::follow);
        });
    }

    private static Optional<MemoryPoolMXBean> serialEden() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Eden Space"))
                .findFirst();
    }

    private void follow() {
        try {
            Thread.sleep(AFTER_START);
            Duration used = IdleMemory.processorTime();
            while (true) {
                Thread.sleep(INTERVAL);
                Duration now = IdleMemory.processorTime();
                Duration worked = now.minus(used);
                idle = worked.compareTo(INTERVAL.dividedBy(10)) < 0 ? idle + 1 : 0;
                become(next(share, worked, idle, newObjects.getUsage().getCommitted()));
                used = now;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @param worked processor time of the last interval
     * @param idle intervals without work, the last one among them
     * @param room bytes that new objects have
     */
    static Share next(Share now, Duration worked, int idle, long room) {
        boolean works = worked.compareTo(INTERVAL.dividedBy(2)) > 0;
        if (now == Share.IDLE && works && room < ENOUGH) {
            return Share.BUSY;
        }
        return now == Share.BUSY && idle >= END ? Share.IDLE : now;
    }

    private void become(Share wanted) {
        if (wanted == share) {
            return;
        }
        // At no time may the least be more than the most.
        if (wanted.least > share.most) {
            set("MaxHeapFreeRatio", wanted.most);
            set("MinHeapFreeRatio", wanted.least);
        } else {
            set("MinHeapFreeRatio", wanted.least);
            set("MaxHeapFreeRatio", wanted.most);
        }
        share = wanted;
        System.gc();
    }

    private void set(String option, int percent) {
        options.setVMOption(option, String.valueOf(percent));
    }
}
