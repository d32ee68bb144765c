package dev.keelson.node.status;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as Kubernetes writes them: RFC 3339 in UTC, whole seconds ({@code metav1.Time}) or microseconds. */
public final class Timestamps {
    private Timestamps() {}

    public static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code metav1.MicroTime}: always six digits. */
    public static String micros(Instant at) {
        return "%s.%06dZ".formatted(seconds(at).replace("Z", ""), at.getNano() / 1000);
    }
}
