package dev.keelson.apiserver.http.past;

import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.storage.Revision;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When: a revision, a point in time, or that long ago. */
sealed interface Moment {

    record AtRevision(Revision revision) implements Moment {}

    record AtTime(Instant time) implements Moment {}

    Pattern REVISION = Pattern.compile("[0-9]{1,18}");
    Pattern AGO = Pattern.compile("([0-9]{1,9})([smhd])");

    static Moment parse(String text, Instant now) {
        if (REVISION.matcher(text).matches()) {
            return new AtRevision(new Revision(Long.parseLong(text)));
        }
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            return new AtTime(now.minus(Duration.of(Long.parseLong(ago.group(1)), unit(ago.group(2)))));
        }
        try {
            return new AtTime(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw ApiFailure.badRequest(
                    "\"%s\" is no moment: give a revision (4711), an RFC 3339 time (2026-03-01T12:00:00Z) or how long ago (10m)"
                            .formatted(text));
        }
    }

    private static ChronoUnit unit(String letter) {
        return switch (letter) {
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }
}
