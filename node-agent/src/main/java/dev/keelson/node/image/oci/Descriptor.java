package dev.keelson.node.image.oci;

import java.util.Map;
import java.util.Optional;

/**
 * A pointer to content with what must be true of it (OCI image spec, descriptor.md).
 *
 * @param size exact length in bytes
 */
public record Descriptor(
        String mediaType, Digest digest, long size, Map<String, String> annotations, Optional<Platform> platform) {
    public Descriptor {
        annotations = Map.copyOf(annotations);
    }

    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, Map.of(), Optional.empty());
    }
}
