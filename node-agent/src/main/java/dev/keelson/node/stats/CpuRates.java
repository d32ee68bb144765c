package dev.keelson.node.stats;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Cores in use, from the counters of one look and the look before. Thread-safe. */
public final class CpuRates {
    /** Counters that are closer together than this say little; those farther apart, little about now. */
    private static final Duration SHORTEST = Duration.ofMillis(500);

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Map<String, Look> looks = new HashMap<>();

    private record Look(Instant time, long nanos, OptionalLong nanoCores) {}

    /** @return billionths of a core; empty on the first look */
    synchronized OptionalLong rate(String key, long nanos, Instant now) {
        looks.values().removeIf(look -> look.time.plus(LONGEST).isBefore(now));
        Look before = looks.get(key);
        if (before == null || before.nanos > nanos) {
            looks.put(key, new Look(now, nanos, OptionalLong.empty()));
            return OptionalLong.empty();
        }
        Duration between = Duration.between(before.time, now);
        if (between.compareTo(SHORTEST) < 0) {
            return before.nanoCores;
        }
        double cores = (nanos - before.nanos) / (double) between.toNanos();
        OptionalLong rate = OptionalLong.of(Math.round(cores * 1e9));
        looks.put(key, new Look(now, nanos, rate));
        return rate;
    }
}
