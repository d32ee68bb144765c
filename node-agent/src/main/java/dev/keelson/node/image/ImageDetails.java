package dev.keelson.node.image;

import dev.keelson.node.image.oci.ManifestDocument.ImageManifest;
import java.time.Instant;
import java.util.List;

/**
 * All that this node knows of an image.
 *
 * @param manifestDigest digest of the manifest of this platform
 * @param configuration the image's configuration file as it is, JSON
 * @param diffIds digests of the uncompressed layers, lowest first
 * @param lastUsed when it was brought here, or last asked for by a pod
 */
public record ImageDetails(
        Image image,
        String manifestDigest,
        ImageManifest manifest,
        String configuration,
        List<String> diffIds,
        Instant lastUsed) {
    public ImageDetails {
        diffIds = List.copyOf(diffIds);
    }
}
