package dev.keelson.crds.client;

import io.fabric8.kubernetes.api.model.HasMetadata;

/**
 * Resource versions as numbers. Keelson's log hands out one rising counter, and Kubernetes (KEP-5504) promises that
 * versions of one resource compare as decimal integers.
 */
public final class Revisions {
    private Revisions() {}

    /** The number, or 0 for a missing or foreign version, which sorts before everything. */
    public static long parse(String resourceVersion) {
        if (resourceVersion == null || resourceVersion.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(resourceVersion);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    public static long of(HasMetadata object) {
        return parse(object.getMetadata().getResourceVersion());
    }
}
