package dev.keelson.node.image.registry.hosts;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A server that is asked for the images of a registry: the registry itself, or a mirror of it.
 *
 * @param base what repositories hang below, such as {@code https://mirror.local:5000/v2}; empty for the registry under its
 *     own name
 * @param headers sent with every request
 */
public record Endpoint(
        Optional<URI> base, Set<Capability> capabilities, Trust trust, Map<String, String> headers, boolean isMirror) {

    /** What a server is trusted to answer. */
    public enum Capability {
        /** Content by digest. */
        PULL,
        /** What a tag means now. */
        RESOLVE,
        PUSH
    }

    public Endpoint {
        capabilities = Set.copyOf(capabilities);
        headers = Map.copyOf(headers);
    }

    static Endpoint registry(Trust trust) {
        return new Endpoint(Optional.empty(), Set.of(Capability.values()), trust, Map.of(), false);
    }
}
