package dev.keelson.node.image.oci;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageErrors;
import java.util.List;
import java.util.Optional;

/** What a registry or layout keeps under a manifest's digest: one image, or a choice of images by platform. */
public sealed interface ManifestDocument {

    /** One image: its configuration and its layers, lowest first (OCI manifest.md, Docker schema 2). */
    record ImageManifest(String mediaType, Descriptor config, List<Descriptor> layers) implements ManifestDocument {
        public ImageManifest {
            layers = List.copyOf(layers);
        }

        /** Compressed size of the image in bytes. */
        public long totalSize() {
            return config.size() + layers.stream().mapToLong(Descriptor::size).sum();
        }
    }

    /** A choice of manifests (OCI image-index.md, Docker manifest list). */
    record ImageIndex(List<Descriptor> manifests) implements ManifestDocument {
        public ImageIndex {
            manifests = List.copyOf(manifests);
        }

        /** The first manifest that runs on the platform; one that names no platform counts when none does. */
        public Descriptor choose(Platform platform, String document) {
            Optional<Descriptor> exact = manifests.stream()
                    .filter(manifest ->
                            manifest.platform().filter(platform::runs).isPresent())
                    .findFirst();
            return exact.or(() -> manifests.stream()
                            .filter(manifest -> manifest.platform().isEmpty())
                            .findFirst())
                    .orElseThrow(() -> ImageErrors.refused(
                            "%s has no image for %s; it has %s".formatted(document, platform, platforms())));
        }

        private List<String> platforms() {
            return manifests.stream()
                    .flatMap(manifest -> manifest.platform().stream())
                    .map(Platform::toString)
                    .distinct()
                    .toList();
        }
    }

    /**
     * Reads a manifest or index. Its own {@code mediaType} decides what it is, then the one that it was served with,
     * then its shape; documents that could be read as both are refused (CVE-2021-41190).
     *
     * @param document what is read, for messages
     * @param servedType the media type that a descriptor or registry gave; empty when there was none
     */
    static ManifestDocument parse(String document, byte[] json, String servedType) {
        JsonReader reader = JsonReader.object(document, json);
        if (reader.has("manifests") && (reader.has("config") || reader.has("layers"))) {
            throw ImageErrors.corrupt(document + " is an index and an image manifest at once; it is refused");
        }
        String type = effectiveType(document, reader, servedType);
        if (MediaTypes.INDEXES.contains(type)) {
            return new ImageIndex(reader.objects("manifests").stream()
                    .map(ManifestDocument::descriptor)
                    .toList());
        }
        if (!MediaTypes.MANIFESTS.contains(type)) {
            throw unknownType(document, type);
        }
        Descriptor config = descriptor(reader.requiredObject("config"));
        if (!MediaTypes.CONFIGS.contains(config.mediaType())) {
            throw ImageErrors.refused("%s is not a container image: its configuration is of type \"%s\""
                    .formatted(document, config.mediaType()));
        }
        List<Descriptor> layers = reader.objects("layers").stream()
                .map(ManifestDocument::descriptor)
                .toList();
        layers.forEach(layer -> checkLayer(document, layer));
        return new ImageManifest(type, config, layers);
    }

    private static String effectiveType(String document, JsonReader reader, String servedType) {
        String own = reader.text("mediaType");
        boolean served = MediaTypes.INDEXES.contains(servedType) || MediaTypes.MANIFESTS.contains(servedType);
        if (!own.isEmpty()) {
            if (served && MediaTypes.INDEXES.contains(own) != MediaTypes.INDEXES.contains(servedType)) {
                throw ImageErrors.corrupt("%s says that it is %s but was served as %s; it is refused"
                        .formatted(document, own, servedType));
            }
            return own;
        }
        if (served) {
            return servedType;
        }
        if (reader.has("schemaVersion") && reader.has("fsLayers")) {
            return "application/vnd.docker.distribution.manifest.v1+json";
        }
        return reader.has("manifests") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    }

    private static NodeException unknownType(String document, String type) {
        String remedy = type.contains("manifest.v1")
                ? "push the image again with a current tool: Docker's schema 1 has no verifiable layers"
                : "accepted are " + String.join(", ", MediaTypes.ACCEPTED);
        return ImageErrors.refused("%s is of type \"%s\"; %s".formatted(document, type, remedy));
    }

    private static void checkLayer(String document, Descriptor layer) {
        if (!MediaTypes.LAYERS.contains(layer.mediaType())) {
            throw ImageErrors.refused(
                    "%s: layer %s is of type \"%s\"; a layer must be a tar, plain or with gzip or zstd"
                            .formatted(document, layer.digest(), layer.mediaType()));
        }
    }

    private static Descriptor descriptor(JsonReader json) {
        Optional<Platform> platform =
                json.object("platform").map(p -> new Platform(p.text("os"), p.text("architecture"), p.text("variant")));
        return new Descriptor(
                json.text("mediaType"),
                json.requiredDigest("digest"),
                json.requiredSize("size"),
                json.textMap("annotations"),
                platform);
    }
}
