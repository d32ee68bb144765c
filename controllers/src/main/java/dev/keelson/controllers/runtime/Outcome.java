package dev.keelson.controllers.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * What one pass over a key came to.
 *
 * @param again when the key must be looked at again although nothing may have changed; empty for "on the next change"
 */
public record Outcome(Optional<Duration> again) {
    public static final Outcome DONE = new Outcome(Optional.empty());

    public static Outcome after(Duration delay) {
        return new Outcome(Optional.of(delay));
    }

    public static Outcome after(Optional<Duration> delay) {
        return new Outcome(delay);
    }
}
