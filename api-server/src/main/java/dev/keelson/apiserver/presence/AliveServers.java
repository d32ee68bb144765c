package dev.keelson.apiserver.presence;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Judges which servers are alive by whether their leases change. A lease counts until it has not changed for its
 * duration <em>by this server's clock</em>, so clocks of different machines are never compared; what is seen for the
 * first time counts.
 */
final class AliveServers {
    private record Seen(String revision, Instant since) {}

    private final Duration patience;
    private Map<ServerAddress, Seen> seen = new HashMap<>();

    AliveServers(Duration patience) {
        this.patience = patience;
    }

    /** @param leases the revision of the lease of each server */
    SortedSet<ServerAddress> observe(Map<ServerAddress, String> leases, Instant now) {
        Map<ServerAddress, Seen> current = new HashMap<>();
        leases.forEach((server, revision) -> {
            Seen before = seen.getOrDefault(server, new Seen("", now));
            current.put(server, before.revision().equals(revision) ? before : new Seen(revision, now));
        });
        seen = current;
        SortedSet<ServerAddress> alive = new TreeSet<>();
        current.forEach((server, last) -> {
            if (now.isBefore(last.since().plus(patience))) {
                alive.add(server);
            }
        });
        return alive;
    }
}
