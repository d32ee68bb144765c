package dev.keelson.controllers.runtime;

import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Set;

/** How much of a kind the shared caches hold and hear of: as much as a controller reads. */
public final class CacheContents {
    /** Of these contents, above all those of Secrets, do not come into this process. */
    private static final Set<ResourceType<?>> MODELS_WITHOUT_CONTENTS =
            Set.of(ResourceType.CONFIG_MAPS, ResourceType.SECRETS, ResourceType.LEASES);

    /** Trees that a controller reads more of than metadata. */
    private static final Set<ResourceType<?>> WHOLE_TREES =
            Set.of(CustomResources.DEFINITIONS, OtherKinds.POD_DISRUPTION_BUDGETS);

    private CacheContents() {}

    /** What is listed and watched of a kind. */
    public static ListOptions of(ResourceType<?> type) {
        boolean tree = type.type() == GenericKubernetesResource.class;
        if (type.equals(OtherKinds.SIGNING_REQUESTS)) {
            // Each change wakes a controller, which asks the server for the contents.
            return ListOptions.ALL_METADATA;
        }
        return MODELS_WITHOUT_CONTENTS.contains(type) || tree && !WHOLE_TREES.contains(type)
                ? ListOptions.ALL_METADATA_CHANGES
                : ListOptions.ALL;
    }

    /** What is listed and watched of those that a field selects in all namespaces. */
    public static ListOptions selected(String fieldSelector) {
        return new ListOptions("", fieldSelector, ListOptions.Detail.METADATA);
    }
}
