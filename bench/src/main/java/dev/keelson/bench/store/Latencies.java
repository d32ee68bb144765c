package dev.keelson.bench.store;

import dev.keelson.bench.Sample;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Durations that many threads note, up to a number that is known before. */
final class Latencies {
    private final long[] nanos;
    private final AtomicInteger count = new AtomicInteger();

    Latencies(int most) {
        this.nanos = new long[most];
    }

    void add(long duration) {
        int at = count.getAndIncrement();
        if (at < nanos.length) {
            nanos[at] = duration;
        }
    }

    int size() {
        return Math.min(count.get(), nanos.length);
    }

    Sample sample(String name) {
        return new Sample(name, Arrays.copyOf(nanos, size()));
    }

    /** Median, 95th and 99th percentile. */
    static String line(Sample sample) {
        return String.format(
                Locale.ROOT,
                "%-52s median %8.2f ms   p95 %8.2f ms   p99 %8.2f ms   (%d)",
                sample.name(),
                sample.medianMillis(),
                sample.percentileMillis(95),
                sample.percentileMillis(99),
                sample.nanos().length);
    }
}
