package dev.keelson.cli.command.image;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;

/** Names, sizes and times as docker prints them. Pure. */
final class ImageText {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};

    private ImageText() {}

    static String shortId(String digest) {
        String hex = digest.substring(digest.indexOf(':') + 1);
        return hex.substring(0, Math.min(12, hex.length()));
    }

    /** Three digits and a unit of thousands, such as {@code 4.27MB}. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String digits = String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
        return (digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits) + UNITS[unit];
    }

    /** {@code 3 days ago}; images that are built reproducibly say the epoch or nothing. */
    static String ago(String created, Instant now) {
        try {
            Instant time = OffsetDateTime.parse(created).toInstant();
            return time.getEpochSecond() <= 0 ? "N/A" : ago(Duration.between(time, now));
        } catch (DateTimeException unknown) {
            return "N/A";
        }
    }

    private static String ago(Duration age) {
        long days = age.toDays();
        if (days >= 730) {
            return days / 365 + " years ago";
        }
        if (days >= 60) {
            return days / 30 + " months ago";
        }
        if (days >= 14) {
            return days / 7 + " weeks ago";
        }
        if (days >= 2) {
            return days + " days ago";
        }
        if (age.toHours() >= 2) {
            return age.toHours() + " hours ago";
        }
        return age.toMinutes() >= 2 ? age.toMinutes() + " minutes ago" : "About a minute ago";
    }

    /** A full name without what docker takes for granted. */
    static String familiar(String name) {
        return name.replaceFirst("^docker\\.io/(library/)?", "");
    }

    static String repository(String name) {
        String withoutDigest = name.replaceFirst("@.*$", "");
        int colon = withoutDigest.lastIndexOf(':');
        return familiar(colon > withoutDigest.lastIndexOf('/') ? withoutDigest.substring(0, colon) : withoutDigest);
    }

    static String tag(String name) {
        String withoutDigest = name.replaceFirst("@.*$", "");
        int colon = withoutDigest.lastIndexOf(':');
        return colon > withoutDigest.lastIndexOf('/') ? withoutDigest.substring(colon + 1) : "<none>";
    }
}
