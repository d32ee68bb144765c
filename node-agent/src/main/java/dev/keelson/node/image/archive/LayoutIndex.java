package dev.keelson.node.image.archive;

import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.ManifestDocument;
import dev.keelson.node.image.oci.ManifestDocument.ImageIndex;
import dev.keelson.node.image.oci.MediaTypes;
import dev.keelson.node.image.oci.Platform;
import java.util.List;

/** The {@code index.json} of an OCI layout (OCI image spec, image-layout.md): which images it holds for a platform. */
final class LayoutIndex {
    /** Where containerd and Docker put an image's full name; the spec's own annotation is often only the tag. */
    static final String FULL_NAME = "io.containerd.image.name";

    static final String REF_NAME = "org.opencontainers.image.ref.name";

    private LayoutIndex() {}

    static List<NamedManifest> read(byte[] json, Platform platform) {
        if (!(ManifestDocument.parse("index.json", json, MediaTypes.OCI_INDEX) instanceof ImageIndex index)) {
            throw ImageErrors.corrupt("index.json is not an OCI image index");
        }
        List<Descriptor> fitting = index.manifests().stream()
                .filter(manifest -> manifest.platform().map(platform::runs).orElse(true))
                .toList();
        if (fitting.isEmpty()) {
            // Only to say which platforms there are.
            index.choose(platform, "the layout");
        }
        return fitting.stream()
                .map(manifest -> new NamedManifest(manifest, names(manifest)))
                .toList();
    }

    private static List<ImageReference> names(Descriptor manifest) {
        String name = manifest.annotations().getOrDefault(FULL_NAME, "");
        if (name.isEmpty()) {
            String refName = manifest.annotations().getOrDefault(REF_NAME, "");
            // A bare word there is a tag of a name that the layout does not know.
            name = refName.contains("/") || refName.contains(":") ? refName : "";
        }
        return name.isEmpty() ? List.of() : List.of(ImageReference.parse(name));
    }
}
