package dev.keelson.node.pod;

import dev.keelson.node.image.PullProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Sums up a pull's progress and tells it sparingly: at most every {@link #INTERVAL}. */
final class PullNews implements Consumer<PullProgress> {
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final long MIB = 1 << 20;

    private final InstantSource clock;
    private final Consumer<String> tell;
    private final Map<String, PullProgress> blobs = new ConcurrentHashMap<>();
    private Instant told;

    PullNews(InstantSource clock, Consumer<String> tell) {
        this.clock = clock;
        this.tell = tell;
        this.told = clock.instant();
    }

    @Override
    public void accept(PullProgress progress) {
        blobs.put(progress.digest(), progress);
        if (due()) {
            long done =
                    blobs.values().stream().mapToLong(PullProgress::doneBytes).sum();
            long total =
                    blobs.values().stream().mapToLong(PullProgress::totalBytes).sum();
            tell.accept("%d of %d MiB".formatted(done / MIB, total / MIB));
        }
    }

    private synchronized boolean due() {
        Instant now = clock.instant();
        boolean due = !now.isBefore(told.plus(INTERVAL));
        if (due) {
            told = now;
        }
        return due;
    }
}
