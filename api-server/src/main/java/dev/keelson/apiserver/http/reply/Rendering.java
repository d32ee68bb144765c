package dev.keelson.apiserver.http.reply;

/**
 * How an answer is to look.
 *
 * @param version the {@code meta.k8s.io} version of a Table or PartialObjectMetadata
 */
public record Rendering(Format format, Shape shape, String version) {
    public static final Rendering JSON = new Rendering(Format.JSON, Shape.OBJECT, "v1");

    public enum Format {
        JSON("application/json"),
        YAML("application/yaml");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    public enum Shape {
        OBJECT,
        TABLE,
        PARTIAL
    }

    public String apiVersion() {
        return "meta.k8s.io/" + version;
    }
}
