package dev.keelson.apiserver.watch;

import java.time.Duration;

/**
 * @param windowBytes how much of the recent past stays in memory; older events are read from the database
 * @param pollInterval how often the store is asked for changes although nobody said that there are any
 * @param progressInterval how often subscribers to whom nothing happened learn how far that reaches
 * @param awaitTimeout how long a read waits for the cache to reach a revision
 */
public record WatchCacheConfig(
        long windowBytes, Duration pollInterval, Duration progressInterval, Duration awaitTimeout) {

    public static WatchCacheConfig defaults() {
        return new WatchCacheConfig(8 << 20, Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5));
    }
}
