package dev.keelson.node.image.registry;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.registry.HttpExchange.Answer;
import dev.keelson.node.image.registry.hosts.Endpoint.Capability;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * GET requests below one repository: its mirrors are asked in their order, and the registry itself last. A server that
 * cannot be reached is not asked again.
 */
final class RepositoryRequests {
    private final List<EndpointRequests> endpoints;
    private final Set<EndpointRequests> away = ConcurrentHashMap.newKeySet();

    /** @param endpoints at least one, the registry itself last */
    RepositoryRequests(List<EndpointRequests> endpoints) {
        this.endpoints = List.copyOf(endpoints);
    }

    /** Sends a GET for a path below the repository; answers only with success (2xx) or 416. */
    Answer get(Capability capability, String path, Map<String, String> headers) throws IOException {
        for (EndpointRequests endpoint : endpoints.subList(0, endpoints.size() - 1)) {
            if (endpoint.can(capability) && !away.contains(endpoint)) {
                try {
                    return endpoint.get(path, headers);
                } catch (IOException unreachable) {
                    away.add(endpoint);
                } catch (NodeException refused) {
                    continue; // What a mirror does not have or does not give, the next one may.
                }
            }
        }
        return endpoints.getLast().get(path, headers);
    }

    NodeException unavailable(IOException cause) {
        return endpoints.getLast().unavailable(cause);
    }
}
