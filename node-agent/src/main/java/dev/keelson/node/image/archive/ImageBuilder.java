package dev.keelson.node.image.archive;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.node.image.oci.Descriptor;
import dev.keelson.node.image.oci.Digest;
import dev.keelson.node.image.oci.JsonReader;
import dev.keelson.node.image.oci.ManifestDocument.ImageManifest;
import dev.keelson.node.image.oci.MediaTypes;
import dev.keelson.node.image.oci.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts small images together from scratch and writes them into one oci-archive. Nothing in them comes from a clock or
 * from the machine, so equal input gives equal digests.
 */
public final class ImageBuilder {

    /**
     * What one image is.
     *
     * @param layers uncompressed tars, lowest first
     * @param env {@code NAME=value}
     * @param exposedPorts such as {@code 8080/tcp}
     */
    public record Recipe(
            List<byte[]> layers,
            List<String> entrypoint,
            List<String> env,
            List<String> exposedPorts,
            String user,
            Map<String, String> labels,
            List<String> references) {
        public Recipe {
            layers = List.copyOf(layers);
            entrypoint = List.copyOf(entrypoint);
            env = List.copyOf(env);
            exposedPorts = List.copyOf(exposedPorts);
            labels = Map.copyOf(labels);
            references = List.copyOf(references);
        }
    }

    private record Built(Digest digest, ImageManifest manifest, List<String> references) {}

    private final Platform platform;
    private final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
    private final List<Built> images = new ArrayList<>();

    public ImageBuilder(Platform platform) {
        this.platform = platform;
    }

    /** Adds an image; answers its manifest's digest. */
    public Digest add(Recipe recipe) throws IOException {
        List<Descriptor> layers = new ArrayList<>();
        for (byte[] layer : recipe.layers()) {
            layers.add(blob(MediaTypes.OCI_LAYER, layer));
        }
        Descriptor config = blob(MediaTypes.OCI_CONFIG, JsonReader.MAPPER.writeValueAsBytes(config(recipe, layers)));
        ImageManifest manifest = new ImageManifest(MediaTypes.OCI_MANIFEST, config, layers);
        Descriptor described = blob(MediaTypes.OCI_MANIFEST, JsonReader.MAPPER.writeValueAsBytes(json(manifest)));
        images.add(new Built(described.digest(), manifest, recipe.references()));
        return described.digest();
    }

    /** Writes all images into one archive; layers that they share are in it once. */
    public void writeTo(OutputStream target) throws IOException {
        OciArchiveWriter writer = new OciArchiveWriter(target, new OciArchiveWriter.Blobs() {
            @Override
            public InputStream open(Digest digest) {
                return new ByteArrayInputStream(blobs.get(digest));
            }

            @Override
            public long size(Digest digest) {
                return blobs.get(digest).length;
            }
        });
        for (Built image : images) {
            writer.add(image.digest(), image.manifest(), image.references());
        }
        writer.finish();
    }

    private Descriptor blob(String mediaType, byte[] content) {
        Digest digest = Digest.sha256(content);
        blobs.put(digest, content);
        return Descriptor.of(mediaType, digest, content.length);
    }

    private ObjectNode config(Recipe recipe, List<Descriptor> layers) {
        ObjectNode root = JsonReader.MAPPER.createObjectNode();
        root.put("architecture", platform.architecture());
        root.put("os", platform.os());
        ObjectNode config = root.putObject("config");
        if (!recipe.user().isEmpty()) {
            config.put("User", recipe.user());
        }
        ObjectNode ports = config.putObject("ExposedPorts");
        recipe.exposedPorts().forEach(ports::putObject);
        recipe.env().forEach(config.putArray("Env")::add);
        recipe.entrypoint().forEach(config.putArray("Entrypoint")::add);
        ObjectNode labels = config.putObject("Labels");
        recipe.labels().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(label -> labels.put(label.getKey(), label.getValue()));
        ObjectNode rootfs = root.putObject("rootfs");
        rootfs.put("type", "layers");
        ArrayNode diffIds = rootfs.putArray("diff_ids");
        layers.forEach(layer -> diffIds.add(layer.digest().toString()));
        return root;
    }

    private static ObjectNode json(ImageManifest manifest) {
        ObjectNode root = JsonReader.MAPPER.createObjectNode();
        root.put("schemaVersion", 2);
        root.put("mediaType", manifest.mediaType());
        describe(root.putObject("config"), manifest.config());
        ArrayNode layers = root.putArray("layers");
        manifest.layers().forEach(layer -> describe(layers.addObject(), layer));
        return root;
    }

    private static void describe(ObjectNode target, Descriptor descriptor) {
        target.put("mediaType", descriptor.mediaType());
        target.put("digest", descriptor.digest().toString());
        target.put("size", descriptor.size());
    }
}
