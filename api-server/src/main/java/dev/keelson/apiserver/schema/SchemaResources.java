package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The files that the build generated below {@code schema/} of the class path. */
public final class SchemaResources {
    private static final JsonMapper JSON = new JsonMapper();

    private SchemaResources() {}

    /** A generated JSON file by its path below {@code schema/}; empty when the build wrote no such file. */
    public static Optional<JsonNode> json(String path) {
        return bytes(path).map(content -> {
            try {
                return JSON.readTree(content);
            } catch (IOException bad) {
                throw new UncheckedIOException("the generated file schema/" + path + " is not JSON", bad);
            }
        });
    }

    /** A published OpenAPI 3 document by its path, such as {@code apis/apps/v1}; a fresh tree. */
    public static JsonNode document(String path) {
        try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(
                bytes("openapi/v3/" + path + ".json.gz").orElseThrow()))) {
            return JSON.readTree(stream);
        } catch (IOException bad) {
            throw new UncheckedIOException("the generated document " + path + " cannot be read", bad);
        }
    }

    static Optional<byte[]> bytes(String path) {
        try (InputStream stream = SchemaResources.class.getResourceAsStream("/schema/" + path)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException bad) {
            throw new UncheckedIOException("the generated file schema/" + path + " cannot be read", bad);
        }
    }
}
