package dev.keelson.apiserver.codec;

import java.util.Locale;

/**
 * Reads a request body, whatever its format, into a JSON tree. Safe on hostile input: bytes, depth, nodes, number size
 * and alias expansion are bounded before they cost memory.
 */
public final class BodyDecoder {
    private static final String ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /** The formats by the media types that Kubernetes uses for objects and for patches. */
    private enum Format {
        JSON,
        YAML,
        PROTOBUF
    }

    private final WireCatalog catalog = new WireCatalog();

    /**
     * @param contentType the header's value, parameters such as {@code charset} included; empty means JSON, as in
     *     Kubernetes
     * @throws BodyException when the body cannot be read
     */
    public DecodedBody decode(byte[] body, String contentType) {
        Format format = formatOf(contentType);
        if (body.length > BodyLimits.MAX_BYTES) {
            throw new BodyException(
                    BodyException.Kind.TOO_LARGE,
                    "the body has %d bytes; at most %d are read".formatted(body.length, BodyLimits.MAX_BYTES));
        }
        return switch (format) {
            case JSON -> json(body);
            case YAML -> yaml(body);
            case PROTOBUF -> new ProtobufTreeReader(catalog).read(body);
        };
    }

    private static Format formatOf(String contentType) {
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return switch (type) {
            case "",
                    "*/*",
                    "application/json",
                    "application/json-patch+json",
                    "application/merge-patch+json",
                    "application/strategic-merge-patch+json" -> Format.JSON;
            case "application/yaml", "application/apply-patch+yaml" -> Format.YAML;
            case "application/vnd.kubernetes.protobuf" -> Format.PROTOBUF;
            default ->
                throw new BodyException(
                        BodyException.Kind.UNSUPPORTED,
                        "the body of the request was in an unknown format - accepted media types include: " + ACCEPTED);
        };
    }

    private static DecodedBody json(byte[] body) {
        return new JsonTreeReader(Utf8.text(body)).read();
    }

    private static DecodedBody yaml(byte[] body) {
        // Clients send JSON under the YAML type (server-side apply does); it is cheaper and stricter to read it as
        // such.
        if (startsWithBrace(body)) {
            try {
                return json(body);
            } catch (BodyException notJson) {
                return new YamlTreeReader().read(Utf8.text(body));
            }
        }
        return new YamlTreeReader().read(Utf8.text(body));
    }

    private static boolean startsWithBrace(byte[] body) {
        for (byte b : body) {
            if (b == '{') {
                return true;
            }
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return false;
            }
        }
        return false;
    }
}
