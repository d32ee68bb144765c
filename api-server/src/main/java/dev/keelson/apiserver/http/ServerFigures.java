package dev.keelson.apiserver.http;

import io.prometheus.client.CollectorRegistry;
import jakarta.inject.Singleton;

/** What {@code /metrics} shows: one registry for everything in the process that counts. */
@Singleton
public final class ServerFigures {
    private final CollectorRegistry registry = new CollectorRegistry();

    public CollectorRegistry registry() {
        return registry;
    }
}
