package dev.keelson.apiserver.discovery;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A protobuf message that is written field by field; what is empty or false is left out, as proto3 does. */
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtobufMessage text(int field, String value) {
        if (!value.isEmpty()) {
            bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    ProtobufMessage flag(int field, boolean value) {
        if (value) {
            varint((long) field << 3 | VARINT);
            varint(1);
        }
        return this;
    }

    ProtobufMessage message(int field, ProtobufMessage value) {
        bytes(field, value.bytes());
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private void bytes(int field, byte[] value) {
        varint((long) field << 3 | LENGTH_DELIMITED);
        varint(value.length);
        out.writeBytes(value);
    }

    private void varint(long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
