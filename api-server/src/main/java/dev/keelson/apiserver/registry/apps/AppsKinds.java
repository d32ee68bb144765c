package dev.keelson.apiserver.registry.apps;

import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;

/** The kinds of {@code apps/v1}. */
public final class AppsKinds {
    private AppsKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(
                DeploymentKind.definition(),
                ReplicaSetKind.definition(),
                DaemonSetKind.definition(),
                StatefulSetKind.definition(),
                ControllerRevisionKind.definition());
    }
}
