package dev.keelson.apiserver.http;

/**
 * How an answer is to look.
 *
 * @param version the {@code meta.k8s.io} version of a Table or PartialObjectMetadata
 */
record Rendering(Format format, Shape shape, String version) {
    static final Rendering JSON = new Rendering(Format.JSON, Shape.OBJECT, "v1");

    enum Format {
        JSON("application/json"),
        YAML("application/yaml");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        String mediaType() {
            return mediaType;
        }
    }

    enum Shape {
        OBJECT,
        TABLE,
        PARTIAL
    }

    String apiVersion() {
        return "meta.k8s.io/" + version;
    }
}
