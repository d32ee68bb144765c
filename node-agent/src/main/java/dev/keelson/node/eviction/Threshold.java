package dev.keelson.node.eviction;

import dev.keelson.node.eviction.Signal.Level;
import dev.keelson.node.resource.Amounts;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;

/**
 * When a node runs short: less than an amount, or than a share, is left of something.
 *
 * @param value a quantity ({@code 100Mi}) or a percentage ({@code 10%})
 * @param grace how long that has to last before pods are ended; zero for a hard threshold
 * @param reclaim how much more has to be there again, once it was met, before it no longer is
 */
public record Threshold(Signal signal, String value, Duration grace, String reclaim) {
    /** As {@link #reclaim}: it is enough that the threshold itself is reached again. */
    public static final String NOTHING = "0";

    public Threshold {
        amount(value, new Level(0, 100));
        amount(reclaim, new Level(0, 100));
    }

    public Threshold(Signal signal, String value, Duration grace) {
        this(signal, value, grace, NOTHING);
    }

    public Threshold reclaiming(String amount) {
        return new Threshold(signal, value, grace, amount);
    }

    boolean hard() {
        return grace.isZero();
    }

    boolean met(Level level) {
        return level.available() < amount(level);
    }

    /** Whether one that was met still is: giving up a little at a time would end a pod every few minutes. */
    boolean lasts(Level level) {
        return level.available() < amount(level) + amount(reclaim, level);
    }

    long amount(Level level) {
        return amount(value, level);
    }

    private static long amount(String value, Level level) {
        try {
            return value.endsWith("%")
                    ? Math.round(level.capacity() * Double.parseDouble(value.substring(0, value.length() - 1)) / 100)
                    : Amounts.whole(new Quantity(value));
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "\"%s\" is no eviction threshold; write a quantity such as 100Mi or a share such as 10%%"
                            .formatted(value),
                    unreadable);
        }
    }
}
