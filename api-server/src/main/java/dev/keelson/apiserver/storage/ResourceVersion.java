package dev.keelson.apiserver.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts {@code metadata.resourceVersion} into an object's stored bytes without parsing the object. */
public final class ResourceVersion {
    private static final byte[] METADATA = "\"metadata\"".getBytes(StandardCharsets.UTF_8);

    private ResourceVersion() {}

    /** The object's bytes with {@code "resourceVersion":"N"} as the first field of its metadata. */
    public static byte[] splice(byte[] json, Revision revision) {
        int at = insertionPoint(json);
        if (at < 0) {
            throw new StorageException(StorageException.Kind.INTERNAL, "object has no metadata to hold a version");
        }
        byte[] field = field(json, at, revision);
        byte[] spliced = new byte[json.length + field.length];
        System.arraycopy(json, 0, spliced, 0, at);
        System.arraycopy(field, 0, spliced, at, field.length);
        System.arraycopy(json, at, spliced, at + field.length, json.length - at);
        return spliced;
    }

    /** The stored bytes again: the inverse of {@link #splice}. */
    public static byte[] remove(byte[] spliced, Revision revision) {
        int at = insertionPoint(spliced);
        int end = at + ("\"resourceVersion\":\"" + revision + "\"").length();
        if (end < spliced.length && spliced[end] == ',') {
            end++;
        }
        byte[] json = new byte[spliced.length - (end - at)];
        System.arraycopy(spliced, 0, json, 0, at);
        System.arraycopy(spliced, end, json, at, json.length - at);
        return json;
    }

    /** The offset just after the brace that opens the top-level {@code metadata}, or -1 when there is none. */
    public static int insertionPoint(byte[] json) {
        int depth = 0;
        int at = 0;
        while (at < json.length) {
            switch (json[at]) {
                case '"' -> {
                    int end = JsonBytes.endOfString(json, at);
                    if (depth == 1 && isMetadata(json, at, end)) {
                        int brace = skipTo(json, end, ':');
                        brace = brace < 0 ? -1 : skipTo(json, brace, '{');
                        if (brace >= 0) {
                            return brace;
                        }
                    }
                    at = end;
                    continue;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // Numbers, literals, separators and white space cannot open or close anything.
                }
            }
            at++;
        }
        return -1;
    }

    private static byte[] field(byte[] json, int at, Revision revision) {
        int next = JsonBytes.skipBlanks(json, at);
        String comma = next < json.length && json[next] == '}' ? "" : ",";
        return ("\"resourceVersion\":\"" + revision + "\"" + comma).getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isMetadata(byte[] json, int from, int to) {
        return to - from == METADATA.length && Arrays.equals(json, from, to, METADATA, 0, METADATA.length);
    }

    /** The offset after {@code wanted} when it is the next byte that is not blank, else -1. */
    private static int skipTo(byte[] json, int from, char wanted) {
        int at = JsonBytes.skipBlanks(json, from);
        return at < json.length && json[at] == wanted ? at + 1 : -1;
    }
}
