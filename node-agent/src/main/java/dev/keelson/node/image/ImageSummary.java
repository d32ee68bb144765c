package dev.keelson.node.image;

import java.util.List;

/**
 * An image in short.
 *
 * @param id digest of the image configuration
 * @param digest digest of the manifest
 * @param references full names with a tag
 * @param repoDigests names with the manifest's digest
 * @param sizeBytes compressed size
 * @param created when it was built, RFC 3339; empty when it does not say
 */
public record ImageSummary(
        String id, String digest, List<String> references, List<String> repoDigests, long sizeBytes, String created) {
    public ImageSummary {
        references = List.copyOf(references);
        repoDigests = List.copyOf(repoDigests);
    }
}
