package dev.keelson.apiserver.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the protobuf wire format of one message from a range of bytes.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int position;

    Wire(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    boolean atEnd() {
        return position >= end;
    }

    /** A field's number and wire type, {@code number << 3 | type}. */
    int tag() {
        long tag = varint();
        if (tag >>> 3 == 0 || tag > 0xFFFFFFFFL) {
            throw new WireException("invalid field number");
        }
        return (int) tag;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = next();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new WireException("a number has more than 64 bits");
    }

    long fixed(int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            value |= (long) (next() & 0xff) << (8 * i);
        }
        return value;
    }

    /** The range of a nested message, text or byte string. */
    Wire nested() {
        int length = length();
        Wire nested = new Wire(bytes, position, position + length);
        position += length;
        return nested;
    }

    byte[] rest() {
        byte[] copy = java.util.Arrays.copyOfRange(bytes, position, end);
        position = end;
        return copy;
    }

    String text() {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, position, end - position))
                    .toString();
            position = end;
            return text;
        } catch (CharacterCodingException bad) {
            throw new WireException("a text is not UTF-8");
        }
    }

    /** Passes over a field that is not known. Groups are long gone from protobuf and refused. */
    void skip(int type) {
        switch (type) {
            case VARINT -> varint();
            case FIXED64 -> fixed(8);
            case FIXED32 -> fixed(4);
            case LENGTH -> nested();
            default -> throw new WireException("invalid wire type " + type);
        }
    }

    private int length() {
        long length = varint();
        if (length < 0 || length > end - position) {
            throw new WireException("a length points beyond the end");
        }
        return (int) length;
    }

    private byte next() {
        if (position >= end) {
            throw new WireException("unexpected end");
        }
        return bytes[position++];
    }

    /** The bytes are not a protobuf message. */
    static final class WireException extends RuntimeException {
        WireException(String message) {
            super(message);
        }
    }
}
