package dev.keelson.node.image.archive;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.content.ContentStore;
import dev.keelson.node.image.content.Leases.Lease;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.JsonReader;
import dev.keelson.node.image.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code manifest.json} of a {@code docker save} archive (Docker image spec v1.2, "Combined Image JSON"). It knows
 * no OCI manifests, so one is written for each image; equal archives give equal manifests.
 */
final class DockerManifest {
    private final ArchiveFiles files;
    private final ContentStore content;
    private final Lease lease;

    DockerManifest(ArchiveFiles files, ContentStore content, Lease lease) {
        this.files = files;
        this.content = content;
        this.lease = lease;
    }

    List<NamedManifest> read(byte[] json) throws IOException {
        List<NamedManifest> images = new ArrayList<>();
        for (JsonReader image : JsonReader.array("manifest.json", json)) {
            List<ImageReference> references =
                    image.texts("RepoTags").stream().map(ImageReference::parse).toList();
            images.add(new NamedManifest(manifest(image), references));
        }
        return images;
    }

    private Descriptor manifest(JsonReader image) throws IOException {
        ObjectNode manifest = JsonReader.MAPPER.createObjectNode();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", MediaTypes.OCI_MANIFEST);
        Digest config = blob(image.requiredText("Config"));
        describe(manifest.putObject("config"), MediaTypes.OCI_CONFIG, config);
        ArrayNode layers = manifest.putArray("layers");
        for (String path : image.texts("Layers")) {
            Digest layer = blob(path);
            describe(layers.addObject(), layerType(layer), layer);
        }
        byte[] bytes = JsonReader.MAPPER.writeValueAsBytes(manifest);
        return Descriptor.of(MediaTypes.OCI_MANIFEST, content.put(bytes, lease), bytes.length);
    }

    private Digest blob(String path) {
        return files.require(ArchiveFiles.path(path), "manifest.json");
    }

    private void describe(ObjectNode descriptor, String mediaType, Digest blob) {
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", blob.toString());
        descriptor.put("size", content.size(blob));
    }

    private String layerType(Digest layer) throws IOException {
        try (InputStream in = content.open(layer)) {
            int first = in.read();
            return switch (first) {
                case 0x1f -> MediaTypes.OCI_LAYER_GZIP;
                case 0x28 -> MediaTypes.OCI_LAYER_ZSTD;
                default -> MediaTypes.OCI_LAYER;
            };
        }
    }
}
