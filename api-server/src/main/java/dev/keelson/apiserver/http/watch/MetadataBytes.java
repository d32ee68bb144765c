package dev.keelson.apiserver.http.watch;

import dev.keelson.apiserver.storage.JsonBytes;
import dev.keelson.apiserver.storage.ResourceVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Compares the metadata of two versions of an object by their bytes: every change is looked at, and most leave metadata as
 * it was. What is only written in another way, or in another order, counts as a change: it is told once too often.
 */
final class MetadataBytes {
    /** Fields that change with every write, or with every write of a spec, and say nothing else. */
    private static final byte[][] PASSED_OVER = {name("resourceVersion"), name("generation"), name("managedFields")};

    private static final byte[] WITHOUT_METADATA = "{}".getBytes(StandardCharsets.US_ASCII);

    private MetadataBytes() {}

    private static byte[] name(String field) {
        return ("\"" + field + "\"").getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether nothing differs but {@code resourceVersion}, {@code generation} and {@code managedFields}. */
    static boolean sayTheSame(byte[] one, byte[] other) {
        Fields ofOne = Fields.of(one);
        Fields ofOther = Fields.of(other);
        while (ofOne.next()) {
            if (!ofOther.next() || !ofOne.same(ofOther)) {
                return false;
            }
        }
        return !ofOther.next();
    }

    /** Goes over the fields of metadata that are compared. */
    private static final class Fields {
        private final byte[] json;
        private int next;
        private int from;
        private int to;

        private Fields(byte[] json, int next) {
            this.json = json;
            this.next = next;
        }

        static Fields of(byte[] object) {
            int begin = ResourceVersion.insertionPoint(object);
            return begin < 0 ? new Fields(WITHOUT_METADATA, 1) : new Fields(object, begin);
        }

        /** Moves to the next field; false when there is none. */
        boolean next() {
            boolean passedOver = true;
            while (passedOver) {
                from = JsonBytes.skipBlanks(json, next);
                if (json[from] == '}') {
                    return false;
                }
                int endOfName = JsonBytes.endOfString(json, from);
                to = JsonBytes.endOfValue(json, endOfName);
                next = json[to] == ',' ? to + 1 : to;
                passedOver = passedOver(endOfName);
            }
            return true;
        }

        private boolean passedOver(int endOfName) {
            for (byte[] name : PASSED_OVER) {
                if (Arrays.equals(json, from, endOfName, name, 0, name.length)) {
                    return true;
                }
            }
            return false;
        }

        /** Whether both are at the same field with the same value. */
        boolean same(Fields other) {
            return Arrays.equals(json, from, to, other.json, other.from, other.to);
        }
    }
}
