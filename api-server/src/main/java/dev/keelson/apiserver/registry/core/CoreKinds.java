package dev.keelson.apiserver.registry.core;

import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.pod.PodKind;
import java.util.List;

/** The kinds of the core group, {@code v1}. */
public final class CoreKinds {
    private CoreKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(
                NamespaceKind.definition(),
                NodeKind.definition(),
                PodKind.definition(),
                ServiceKind.definition(),
                EndpointsKind.definition(),
                ConfigMapKind.definition(),
                SecretKind.definition(),
                ServiceAccountKind.definition(),
                EventKind.definition(),
                ReplicationControllerKind.definition(),
                PodTemplateKind.definition());
    }
}
