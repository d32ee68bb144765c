package dev.keelson.node.eviction;

import dev.keelson.node.eviction.Signal.Level;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;

/**
 * When a node runs short: less than an amount, or than a share, is left of something.
 *
 * @param value a quantity ({@code 100Mi}) or a percentage ({@code 10%})
 * @param grace how long that has to last before pods are ended; zero for a hard threshold
 */
public record Threshold(Signal signal, String value, Duration grace) {

    public Threshold {
        amount(value, new Level(0, 100));
    }

    boolean hard() {
        return grace.isZero();
    }

    boolean met(Level level) {
        return level.available() < amount(level);
    }

    long amount(Level level) {
        return amount(value, level);
    }

    private static long amount(String value, Level level) {
        try {
            return value.endsWith("%")
                    ? Math.round(level.capacity() * Double.parseDouble(value.substring(0, value.length() - 1)) / 100)
                    : new Quantity(value).getNumericalAmount().longValue();
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "\"%s\" is no eviction threshold; write a quantity such as 100Mi or a share such as 10%%"
                            .formatted(value),
                    unreadable);
        }
    }
}
