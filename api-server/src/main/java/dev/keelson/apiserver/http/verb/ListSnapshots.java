package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.storage.Revision;
import dev.keelson.apiserver.watch.WatchCache.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what a chunked list began with, so that its later chunks show the same moment. Objects are shared with the
 * cache, so a snapshot costs its list only. Kubernetes keeps old revisions for five minutes; so does this.
 */
final class ListSnapshots {
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final int MOST = 200;

    private record Key(String group, String resource, String namespace, long revision) {}

    private record Held(Snapshot snapshot, Instant until) {}

    private final Map<Key, Held> held = new LinkedHashMap<>();
    private final Clock clock;

    ListSnapshots(Clock clock) {
        this.clock = clock;
    }

    synchronized void keep(ResourceDefinition kind, String namespace, Snapshot snapshot) {
        Instant now = clock.instant();
        held.values().removeIf(entry -> entry.until().isBefore(now));
        while (held.size() >= MOST) {
            held.remove(held.keySet().iterator().next());
        }
        held.put(key(kind, namespace, snapshot.revision()), new Held(snapshot, now.plus(KEPT)));
    }

    synchronized Optional<Snapshot> find(ResourceDefinition kind, String namespace, Revision revision) {
        return Optional.ofNullable(held.get(key(kind, namespace, revision)))
                .filter(entry -> !entry.until().isBefore(clock.instant()))
                .map(Held::snapshot);
    }

    private static Key key(ResourceDefinition kind, String namespace, Revision revision) {
        return new Key(kind.apiVersion(), kind.plural(), namespace, revision.value());
    }
}
