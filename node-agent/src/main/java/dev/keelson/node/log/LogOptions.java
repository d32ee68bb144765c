package dev.keelson.node.log;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What part of a log is wanted (Kubernetes: {@code PodLogOptions}).
 *
 * @param tailLines only so many of the last lines that are there when reading begins
 * @param since only lines written at or after this
 * @param timestamps put each line's time before it
 * @param limitBytes end after so many bytes
 * @param stream {@code stdout} or {@code stderr} only; empty for both
 */
public record LogOptions(
        boolean follow,
        OptionalLong tailLines,
        Optional<Instant> since,
        boolean timestamps,
        OptionalLong limitBytes,
        String stream) {
    public static final LogOptions ALL =
            new LogOptions(false, OptionalLong.empty(), Optional.empty(), false, OptionalLong.empty(), "");
}
