package dev.keelson.apiserver.http.reply;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keelson.apiserver.storage.StoredJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The metadata of an object cut out of its bytes. Whoever watches a kind by metadata hears of every change; parsing
 * and writing the whole object for that costs as much as the change itself.
 */
final class PartialBytes {
    private static final JsonFactory JSON = StoredJson.factory();
    private static final byte[] NO_METADATA = "{}".getBytes(StandardCharsets.US_ASCII);

    private PartialBytes() {}

    /** A {@code PartialObjectMetadata} in JSON, with the object's metadata as it is written in the object. */
    static byte[] of(byte[] json, String apiVersion) {
        byte[] head = ("{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":")
                .getBytes(StandardCharsets.US_ASCII);
        try (JsonParser parser = JSON.createParser(json)) {
            if (!enterMetadata(parser)) {
                return joined(head, NO_METADATA, 0, NO_METADATA.length);
            }
            int begin = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            return joined(head, json, begin, (int) parser.currentLocation().getByteOffset());
        } catch (IOException e) {
            throw new UncheckedIOException("the bytes of a served object are not JSON", e);
        }
    }

    private static boolean enterMetadata(JsonParser parser) throws IOException {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = parser.currentName().equals("metadata");
            boolean object = parser.nextToken() == JsonToken.START_OBJECT;
            if (wanted) {
                return object;
            }
            parser.skipChildren();
        }
        return false;
    }

    private static byte[] joined(byte[] head, byte[] json, int begin, int end) {
        byte[] all = new byte[head.length + end - begin + 1];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(json, begin, all, head.length, end - begin);
        all[all.length - 1] = '}';
        return all;
    }
}
