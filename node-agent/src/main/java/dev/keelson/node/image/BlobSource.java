package dev.keelson.node.image;

import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.oci.Descriptor;

/** Where the content of an image comes from while it is imported: an archive, a directory or a registry. */
public interface BlobSource {

    /**
     * Brings the content into the content store unless it is there, verified. Blocks; called from several threads.
     *
     * @param what what the content is, for messages, such as {@code layer 2 of reg.local/web:2}
     */
    void fetch(Descriptor descriptor, String what);

    /** Like {@link #fetch} for a manifest or index, which registries keep in another place than blobs. */
    default void fetchManifest(Descriptor descriptor, Lease lease, String what) {
        fetch(descriptor, what);
    }
}
