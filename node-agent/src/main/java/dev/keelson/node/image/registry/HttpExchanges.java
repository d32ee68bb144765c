package dev.keelson.node.image.registry;

import dev.keelson.node.image.registry.hosts.Trust;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One HTTP client for each kind of trust, made when it is first needed. */
final class HttpExchanges implements AutoCloseable {
    private final RegistryOptions options;
    private final Map<Trust, HttpExchange> clients = new ConcurrentHashMap<>();

    HttpExchanges(RegistryOptions options) {
        this.options = options;
    }

    HttpExchange of(Trust trust) {
        return clients.computeIfAbsent(trust, wanted -> new HttpExchange(options, wanted));
    }

    @Override
    public void close() {
        clients.values().forEach(HttpExchange::close);
    }
}
