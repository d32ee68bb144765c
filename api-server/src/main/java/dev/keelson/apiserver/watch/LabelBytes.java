package dev.keelson.apiserver.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.keelson.apiserver.storage.StoredJson;
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

    private static final JsonFactory JSON = StoredJson.factory();

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
        long found = range(json, place, key);
        int from = (int) (found >>> Integer.SIZE);
        return found == NONE
                ? Optional.empty()
                : Optional.of(new String(json, from, (int) found - from, StandardCharsets.UTF_8));
    }

    /** Whether one label at a place that was found says what is asked for. */
    static boolean has(byte[] json, long place, LabelTest test) {
        long found = range(json, place, test.utf8());
        return found != NONE && test.accepts(json, (int) (found >>> Integer.SIZE), (int) found);
    }

    /** Where the value of a label is: begin and end in the upper and lower half, or {@link #NONE}. */
    private static long range(byte[] json, long place, byte[] key) {
        Cursor label = new Cursor(json, place);
        while (label.next()) {
            if (same(json, label.keyFrom, label.keyTo, key)) {
                return (long) label.from << Integer.SIZE | label.to;
            }
        }
        return NONE;
    }

    /** The bits of all labels at a place that was found. */
    static int bits(byte[] json, long place) {
        int bits = 0;
        Cursor label = new Cursor(json, place);
        while (label.next()) {
            bits |= bit(json, label.keyFrom, label.keyTo, json, label.from, label.to);
        }
        return bits;
    }

    /**
     * One of 32 bits for a label and its value. The bits of an object's labels together (a Bloom filter with one hash) say of
     * most objects that they do not have a label, without a look at their bytes, which lie all over the memory.
     */
    static int bit(byte[] key, int keyFrom, int keyTo, byte[] value, int from, int to) {
        int hash = 31 * hash(0, key, keyFrom, keyTo) + '=';
        return 1 << (hash(hash, value, from, to) * 0x9E3779B9 >>> 27);
    }

    private static int hash(int start, byte[] bytes, int from, int to) {
        int hash = start;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }

    /** Goes from label to label. */
    private static final class Cursor {
        private final byte[] json;
        private final int end;
        private int at;
        private int keyFrom;
        private int keyTo;
        private int from;
        private int to;

        private Cursor(byte[] json, long place) {
            this.json = json;
            this.end = (int) place;
            this.at = (int) (place >>> Integer.SIZE);
        }

        private boolean next() {
            keyFrom = after(json, at, end);
            keyTo = after(json, keyFrom, end) - 1;
            from = after(json, keyTo + 1, end);
            to = after(json, from, end) - 1;
            at = to + 1;
            return from < end;
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

    static boolean same(byte[] json, int from, int to, byte[] key) {
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
