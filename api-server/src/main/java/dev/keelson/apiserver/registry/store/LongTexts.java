package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes long texts that need no escaping as a whole; Jackson looks at every character for itself. The data of a ConfigMap
 * is mostly such a text.
 */
final class LongTexts extends JsonGeneratorDelegate {
    private static final int LONG = 64;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    /** Times a byte it is that byte eight times. */
    private static final long ONES = 0x0101_0101_0101_0101L;

    private static final long HIGHEST_BITS = 0x80 * ONES;

    LongTexts(JsonGenerator generator) {
        super(generator);
    }

    @Override
    public void writeString(String text) throws IOException {
        if (text.length() >= LONG) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            boolean ascii = bytes.length == text.length();
            if (ascii && isPlain(bytes)) {
                delegate.writeRawUTF8String(bytes, 0, bytes.length);
                return;
            }
        }
        delegate.writeString(text);
    }

    private static boolean isPlain(byte[] ascii) {
        for (int at = 0; at < ascii.length; at += Long.BYTES) {
            // The last eight may be looked at twice in part.
            if (hasSpecial((long) EIGHT.get(ascii, Math.min(at, ascii.length - Long.BYTES)))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a byte is a control character, a quote, a backslash, or a question mark: that may stand for half a pair. */
    private static boolean hasSpecial(long eight) {
        // Less than zero has the highest bit set, and no ASCII character has.
        long special = eight - ' ' * ONES | without(eight, '"') | without(eight, '\\') | without(eight, '?');
        return (special & HIGHEST_BITS) != 0;
    }

    /** Below zero where the character is. */
    private static long without(long eight, char character) {
        return (eight ^ character * ONES) - ONES;
    }
}
