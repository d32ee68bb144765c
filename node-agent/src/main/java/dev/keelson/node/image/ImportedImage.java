package dev.keelson.node.image;

import dev.keelson.node.image.layer.Snapshotter.Layer;
import dev.keelson.node.image.oci.ConfigFile;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.ManifestDocument.ImageManifest;
import java.util.List;
import java.util.stream.Stream;

/** An image whose content is on this node: what its manifest and its configuration say. */
record ImportedImage(Digest digest, ImageManifest manifest, ConfigFile config, List<Layer> layers) {
    ImportedImage {
        layers = List.copyOf(layers);
    }

    /** Digest of the configuration, which is the image's id for people and for the CRI. */
    String id() {
        return manifest.config().digest().toString();
    }

    /** Every blob that the image is made of. */
    Stream<Digest> blobs() {
        return Stream.concat(
                Stream.of(digest, manifest.config().digest()),
                manifest.layers().stream().map(layer -> layer.digest()));
    }
}
