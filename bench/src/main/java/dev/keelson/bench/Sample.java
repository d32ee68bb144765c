package dev.keelson.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Durations of repeated runs of one thing, in nanoseconds. */
public record Sample(String name, long[] nanos) {

    /** The rest before each run: what one has removed, the kernel and each peer's daemon take apart for a while after that. */
    public static final Duration SETTLING = Duration.ofMillis(300);

    public Sample {
        nanos = nanos.clone();
        Arrays.sort(nanos);
    }

    public double medianMillis() {
        return percentileMillis(50);
    }

    public double percentileMillis(int percent) {
        return nanos[Math.min(nanos.length - 1, nanos.length * percent / 100)] / 1e6;
    }

    public String line() {
        return String.format(
                Locale.ROOT,
                "%-34s median %8.1f ms   p95 %8.1f ms   (%d runs)",
                name,
                medianMillis(),
                percentileMillis(95),
                nanos.length);
    }

    /** How many times as long the other takes, by medians. */
    public String ratio(Sample other) {
        return String.format(Locale.ROOT, "%s / %s = %.1fx", other.name, name, other.medianMillis() / medianMillis());
    }
}
