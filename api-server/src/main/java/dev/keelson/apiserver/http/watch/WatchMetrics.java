package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.registry.ResourceDefinition;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;

/** Counts what watches send, under Kubernetes' name. */
public final class WatchMetrics {
    private final Counter events;

    public WatchMetrics(CollectorRegistry registry) {
        this.events = Counter.build("apiserver_watch_events_total", "Number of events sent in watch clients")
                .labelNames("group", "version", "kind")
                .register(registry);
    }

    Counter.Child of(ResourceDefinition kind) {
        return events.labels(kind.group(), kind.version(), kind.kind());
    }
}
