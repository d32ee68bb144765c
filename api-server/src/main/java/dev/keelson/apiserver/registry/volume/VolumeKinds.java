package dev.keelson.apiserver.registry.volume;

import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;

/** The kinds of the core group that are about storage that outlives pods. */
public final class VolumeKinds {
    private VolumeKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(PersistentVolumeKind.definition(), PersistentVolumeClaimKind.definition());
    }

    /** The defaults of a claim, also of one that stands in a StatefulSet as a template. */
    public static void completeClaim(com.fasterxml.jackson.databind.node.ObjectNode claim) {
        PersistentVolumeClaimKind.complete(claim);
    }
}
