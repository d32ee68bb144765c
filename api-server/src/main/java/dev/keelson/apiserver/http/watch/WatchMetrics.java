package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.registry.ResourceDefinition;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/** Counts what watches send, under Kubernetes' names. */
public final class WatchMetrics {
    private static final String[] LABELS = {"group", "version", "kind"};

    private final Counter events;
    private final Histogram sizes;

    public WatchMetrics(CollectorRegistry registry) {
        this.events = Counter.build("apiserver_watch_events_total", "Number of events sent in watch clients")
                .labelNames(LABELS)
                .register(registry);
        this.sizes = Histogram.build("apiserver_watch_events_sizes", "Watch event size distribution in bytes")
                .labelNames(LABELS)
                .exponentialBuckets(1024, 2, 8)
                .register(registry);
    }

    Sent of(ResourceDefinition kind) {
        return new Sent(
                events.labels(kind.group(), kind.version(), kind.kind()),
                sizes.labels(kind.group(), kind.version(), kind.kind()));
    }

    /** Where the events of one kind are counted. */
    record Sent(Counter.Child events, Histogram.Child sizes) {

        /** @param object its bytes as they are sent */
        void event(byte[] object) {
            events.inc();
            sizes.observe(object.length);
        }
    }
}
