package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Ages as kubectl prints them. */
final class Ages {
    private Ages() {}

    static String since(ObjectNode object, Instant now) {
        try {
            Instant created = Instant.parse(
                    object.path("metadata").path("creationTimestamp").asText());
            return human(Duration.between(created, now));
        } catch (DateTimeParseException e) {
            return "<unknown>";
        }
    }

    /** Two units at most, as apimachinery's {@code duration.HumanDuration}; roughly. */
    private static String human(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 7200) {
            return seconds / 60 + "m";
        }
        return seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }
}
