package dev.keelson.node.image.registry;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Closes answers that fall silent: the JDK's client waits for the next byte of a body for ever. */
final class StallGuard implements AutoCloseable {
    private final Duration longestSilence;
    private final Set<Watched> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock;

    StallGuard(Duration longestSilence) {
        this.longestSilence = longestSilence;
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("registry-stalls").factory());
        long every = Math.max(50, longestSilence.toMillis() / 10);
        clock.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    InputStream watch(InputStream in) {
        Watched watched = new Watched(in);
        open.add(watched);
        return watched;
    }

    private void look() {
        long now = System.nanoTime();
        for (Watched stream : open) {
            if (stream.waitingSince != 0 && now - stream.waitingSince > longestSilence.toNanos()) {
                stream.giveUp();
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private final class Watched extends FilterInputStream {
        /** When the read that is under way began; 0 while the reader is busy elsewhere, which is no stall. */
        private volatile long waitingSince;

        private volatile boolean stalled;

        Watched(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            waitingSince = System.nanoTime();
            try {
                int count = in.read(buffer, offset, length);
                if (stalled) {
                    throw silence(null);
                }
                return count;
            } catch (IOException e) {
                throw stalled ? silence(e) : e;
            } finally {
                waitingSince = 0;
            }
        }

        private IOException silence(IOException cause) {
            return new IOException("nothing came for " + longestSilence.toSeconds() + " s", cause);
        }

        private void giveUp() {
            stalled = true;
            try {
                close();
            } catch (IOException e) {
                // The reader learns of it from its own read.
                open.remove(this);
            }
        }

        @Override
        public void close() throws IOException {
            open.remove(this);
            in.close();
        }
    }
}
