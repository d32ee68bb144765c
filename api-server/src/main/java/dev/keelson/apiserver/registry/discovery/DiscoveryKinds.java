package dev.keelson.apiserver.registry.discovery;

import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;

/** The kinds of {@code discovery.k8s.io/v1}. */
public final class DiscoveryKinds {
    private DiscoveryKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(EndpointSliceKind.definition());
    }
}
