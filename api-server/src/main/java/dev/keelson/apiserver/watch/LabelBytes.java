package dev.keelson.apiserver.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the labels of an object are in its bytes, so that a selector reads some fifty bytes of each object instead of
 * parsing all of them. Valid label keys and values never need an escape in JSON.
 */
final class LabelBytes {
    /** The object has no labels. */
    static final long NONE = -1;
    /** The labels are not what the API lets through: only the tree can tell. */
    static final long STRANGE = -2;

    private static final JsonFactory JSON = new JsonFactory();

    private LabelBytes() {}

    /** The place of the object {@code metadata.labels}: begin and end in the upper and lower half, or a constant above. */
    static long find(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT
                    || !enter(parser, "metadata")
                    || !enter(parser, "labels")) {
                return NONE;
            }
            int begin = (int) parser.currentTokenLocation().getByteOffset();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    return STRANGE;
                }
            }
            int end = (int) parser.currentLocation().getByteOffset();
            return escaped(json, begin, end) ? STRANGE : (long) begin << Integer.SIZE | end;
        }
    }

    private static boolean escaped(byte[] json, int begin, int end) {
        for (int i = begin; i < end; i++) {
            if (json[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The value of one label at a place that was found. */
    static Optional<String> value(byte[] json, long place, byte[] key) {
        int end = (int) place;
        int at = (int) (place >>> Integer.SIZE);
        while (true) {
            int keyFrom = after(json, at, end);
            int keyTo = after(json, keyFrom, end) - 1;
            int from = after(json, keyTo + 1, end);
            int to = after(json, from, end) - 1;
            if (from >= end) {
                return Optional.empty();
            }
            if (same(json, keyFrom, keyTo, key)) {
                return Optional.of(new String(json, from, to - from, StandardCharsets.UTF_8));
            }
            at = to + 1;
        }
    }

    /** Moves to the value of a field when it is an object; the other fields before it are skipped. */
    private static boolean enter(JsonParser parser, String field) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = parser.currentName().equals(field);
            JsonToken value = parser.nextToken();
            if (wanted) {
                return value == JsonToken.START_OBJECT;
            }
            parser.skipChildren();
        }
        return false;
    }

    /** The position behind the next quotation mark. */
    private static int after(byte[] json, int from, int end) {
        int at = from;
        while (at < end && json[at] != '"') {
            at++;
        }
        return at + 1;
    }

    private static boolean same(byte[] json, int from, int to, byte[] key) {
        if (to - from != key.length) {
            return false;
        }
        for (int i = 0; i < key.length; i++) {
            if (json[from + i] != key[i]) {
                return false;
            }
        }
        return true;
    }
}
