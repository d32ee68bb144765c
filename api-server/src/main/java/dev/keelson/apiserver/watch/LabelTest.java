package dev.keelson.apiserver.watch;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The question whether an object has a label, and one of some values. Prepared, because it is asked of every object of a
 * list.
 */
public final class LabelTest {
    private final String key;
    private final byte[] utf8;
    private final Set<String> values;
    private final byte[][] texts;
    private final int bits;

    private LabelTest(String key, Set<String> values) {
        this.key = key;
        this.utf8 = bytes(key);
        this.values = values;
        this.texts = values.stream().map(LabelTest::bytes).toArray(byte[][]::new);
        int any = 0;
        for (byte[] text : texts) {
            any |= LabelBytes.bit(utf8, 0, utf8.length, text, 0, text.length);
        }
        this.bits = any;
    }

    /** Whether the label is there, whatever it says. */
    public static LabelTest present(String key) {
        return new LabelTest(key, Set.of());
    }

    /** Whether the label says one of these. */
    public static LabelTest oneOf(String key, Set<String> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no value of label " + key + " is asked for");
        }
        return new LabelTest(key, Set.copyOf(values));
    }

    String key() {
        return key;
    }

    byte[] utf8() {
        return utf8;
    }

    boolean accepts(String value) {
        return values.isEmpty() || values.contains(value);
    }

    /** {@link LabelBytes#bit} of what is asked for: an object that shares none of these has none of the values. */
    boolean mayBeAmong(int labelBits) {
        return values.isEmpty() || (labelBits & bits) != 0;
    }

    /** The same for a part of the object's bytes. */
    boolean accepts(byte[] json, int from, int to) {
        for (byte[] text : texts) {
            if (LabelBytes.same(json, from, to, text)) {
                return true;
            }
        }
        return texts.length == 0;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
