package dev.keelson.crds.client;

import java.time.Duration;

/**
 * The pauses between attempts to reach a server: short for as long as a server takes to start, because whoever starts
 * beside it waits for nothing else, and then doubling.
 *
 * @param pause before the next attempt
 * @param waited the pauses before that
 */
public record Backoff(Duration pause, Duration waited, Duration longest) {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration STARTING = Duration.ofSeconds(6);

    /** What to begin with, and again after each success. */
    public static Backoff upTo(Duration longest) {
        return new Backoff(FIRST, Duration.ZERO, longest);
    }

    public Backoff next() {
        Duration total = waited.plus(pause);
        Duration limit = total.compareTo(STARTING) < 0 ? SHORT : longest;
        Duration doubled = pause.multipliedBy(2);
        return new Backoff(doubled.compareTo(limit) < 0 ? doubled : limit, total, longest);
    }

    /** Whether the server has been away for longer than a start takes, so that somebody should know. */
    public boolean worrying() {
        return waited.compareTo(STARTING) >= 0;
    }
}
