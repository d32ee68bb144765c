package dev.keelson.node.image.archive;

import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.oci.Descriptor;
import java.util.List;

/** An image that an archive or layout holds, and what it calls it. */
public record NamedManifest(Descriptor descriptor, List<ImageReference> references) {
    public NamedManifest {
        references = List.copyOf(references);
    }

    /** The name for messages. */
    public String displayName() {
        return references.isEmpty()
                ? "image " + descriptor.digest().shortForm()
                : references.getFirst().toString();
    }
}
