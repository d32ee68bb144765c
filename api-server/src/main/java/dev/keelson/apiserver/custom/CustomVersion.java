package dev.keelson.apiserver.custom;

import dev.keelson.apiserver.registry.ScalePaths;
import java.util.Set;

/**
 * One served version of a custom kind.
 *
 * @param storageVersion the version that objects are stored in
 * @param storedVersions every version that stored objects may be of
 * @param hasStatus whether status is written through its own subresource only
 * @param stamp changes whenever the definition's spec does
 * @param terminating whether the definition is going: nothing may be created any more
 */
record CustomVersion(
        String group,
        String version,
        String kind,
        String plural,
        String storageVersion,
        Set<String> storedVersions,
        boolean hasStatus,
        boolean terminating,
        ScalePaths scale,
        String stamp,
        LazySchema schema,
        LazySchema storageSchema,
        Converter converter) {

    CustomVersion {
        storedVersions = Set.copyOf(storedVersions);
    }

    String apiVersion() {
        return group + "/" + version;
    }

    String storageApiVersion() {
        return group + "/" + storageVersion;
    }

    boolean isStorage() {
        return version.equals(storageVersion);
    }

    /** Whether every stored object is of this version already. */
    boolean storedAsServed() {
        return storedVersions.equals(Set.of(version));
    }
}
