package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.storage.JsonBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An object of a built-in kind as the item of a list: the list says of which kind its items are, and they do not
 * ({@code TypeMeta} is empty in the items that Kubernetes decodes from its store, and left out when it is empty). Both
 * fields are found without parsing the object, in most of them among the first fifty bytes.
 */
final class ListItem {
    private static final byte[] KIND = "\"kind\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] API_VERSION = "\"apiVersion\"".getBytes(StandardCharsets.US_ASCII);

    private final byte[] json;
    /** The ranges of what is left, without the commas and braces around them: three pairs of begin and end. */
    private final int[] left = new int[6];

    private int ranges;
    private int length = 2;

    ListItem(byte[] json) {
        this.json = json;
        int begin = 1;
        int at = quote(1);
        for (int found = 0; found < 2 && at < json.length; ) {
            int name = JsonBytes.endOfString(json, at);
            int end = JsonBytes.endOfValue(json, name);
            if (is(KIND, at, name) || is(API_VERSION, at, name)) {
                keep(begin, at);
                begin = end;
                found++;
            }
            at = json[end] == ',' ? quote(end) : json.length;
        }
        keep(begin, json.length);
    }

    /** How many bytes {@link #writeTo} writes. */
    int length() {
        return length;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write('{');
        for (int i = 0; i < ranges; i += 2) {
            if (i > 0) {
                out.write(',');
            }
            out.write(json, left[i], left[i + 1] - left[i]);
        }
        out.write('}');
    }

    /** Keeps a range without what is around its fields. */
    private void keep(int begin, int end) {
        int from = begin;
        int to = end;
        while (from < to && around(json[from])) {
            from++;
        }
        while (from < to && (around(json[to - 1]) || to == json.length)) {
            to--;
        }
        if (from < to) {
            length += to - from + (ranges == 0 ? 0 : 1);
            left[ranges++] = from;
            left[ranges++] = to;
        }
    }

    private static boolean around(byte letter) {
        return letter == ',' || letter <= ' ' && letter >= 0;
    }

    private boolean is(byte[] name, int from, int to) {
        return to - from == name.length && Arrays.equals(json, from, to, name, 0, name.length);
    }

    /** The next quotation mark, or the end. */
    private int quote(int from) {
        int at = from;
        while (at < json.length && json[at] != '"') {
            at++;
        }
        return at;
    }
}
