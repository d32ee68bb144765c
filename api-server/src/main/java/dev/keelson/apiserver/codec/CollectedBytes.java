package dev.keelson.apiserver.codec;

import java.io.OutputStream;
import java.util.Arrays;

/** Bytes of a text of unknown length. Most texts come at once, and then nothing is copied again. */
public final class CollectedBytes extends OutputStream {
    private byte[] bytes = {};
    private int length;

    /** @param more not changed by the caller from now on */
    public void add(byte[] more) {
        if (length == 0) {
            bytes = more;
            length = more.length;
        } else {
            write(more, 0, more.length);
        }
    }

    @Override
    public void write(int single) {
        add(new byte[] {(byte) single});
    }

    @Override
    public void write(byte[] source, int from, int count) {
        if (length == 0) {
            add(Arrays.copyOfRange(source, from, from + count));
            return;
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * length, length + count));
        }
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    public int length() {
        return length;
    }

    /** All of them; nothing is added afterwards. */
    public byte[] all() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
