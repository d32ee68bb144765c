package dev.keelson.apiserver.schema;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A prepared OpenAPI document, JSON.
 *
 * @param gzip the document as it is sent with {@code Content-Encoding: gzip}
 * @param hash of the content; clients cache by it, and it serves as ETag
 */
public record OpenApiDocument(byte[] gzip, String hash) {

    /** A document of these bytes, which are not compressed yet. */
    public static OpenApiDocument of(byte[] plain, String hash) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        } catch (IOException bad) {
            throw new UncheckedIOException("an OpenAPI document cannot be packed", bad);
        }
        return new OpenApiDocument(bytes.toByteArray(), hash);
    }

    /** The document for a client that does not take gzip. */
    public byte[] plain() {
        try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return stream.readAllBytes();
        } catch (IOException bad) {
            throw new UncheckedIOException("a generated OpenAPI document cannot be unpacked", bad);
        }
    }
}
