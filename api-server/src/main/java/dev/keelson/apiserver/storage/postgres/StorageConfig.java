package dev.keelson.apiserver.storage.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How storage behaves; where the database is comes from Quarkus' own keys ({@code quarkus.datasource.*}). */
@ConfigMapping(prefix = "keelson.storage")
public interface StorageConfig {

    /** How long the server waits at its start for a database that does not answer yet. */
    @WithDefault("60s")
    Duration startTimeout();

    /** How long a write waits for a database that is away before it is refused as unavailable. */
    @WithDefault("10s")
    Duration patience();

    /** How long every change stays readable; a watch from an older revision is refused as expired. */
    @WithDefault("3d")
    Duration retention();

    /** How often old history is looked for. */
    @WithDefault("10m")
    Duration retentionInterval();

    /** Memory for recent events, in bytes; older ones are read from the database. */
    @WithDefault("8388608")
    long windowBytes();

    /** How often the database is asked for changes although nobody said that there are any. */
    @WithDefault("2s")
    Duration pollInterval();

    /** How often part of the cache is compared with the database. */
    @WithDefault("10s")
    Duration comparisonInterval();
}
