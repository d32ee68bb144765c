package dev.keelson.apiserver.registry.storage;

import dev.keelson.apiserver.registry.ResourceDefinition;
import java.util.List;

/** The kinds of {@code storage.k8s.io/v1}. */
public final class StorageKinds {
    static final String API_VERSION = "storage.k8s.io/v1";

    private StorageKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(
                StorageClassKind.definition(),
                VolumeAttachmentKind.definition(),
                CsiKinds.driver(),
                CsiKinds.node(),
                CsiKinds.capacity());
    }
}
