package dev.keelson.apiserver.schema;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/**
 * A prepared OpenAPI document, JSON.
 *
 * @param gzip the document as it is sent with {@code Content-Encoding: gzip}
 * @param hash of the content; clients cache by it, and it serves as ETag
 */
public record OpenApiDocument(byte[] gzip, String hash) {

    /** The document for a client that does not take gzip. */
    public byte[] plain() {
        try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return stream.readAllBytes();
        } catch (IOException bad) {
            throw new UncheckedIOException("a generated OpenAPI document cannot be unpacked", bad);
        }
    }
}
