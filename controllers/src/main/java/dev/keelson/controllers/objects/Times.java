package dev.keelson.controllers.objects;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** API timestamps (RFC 3339, whole seconds) as instants. */
public final class Times {
    private Times() {}

    public static Optional<Instant> parse(String text) {
        return text == null || text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    }

    public static String format(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
