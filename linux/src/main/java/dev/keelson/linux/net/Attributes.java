package dev.keelson.linux.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attributes of a netlink answer, by type. Of attributes that repeat (lists) all are kept in order. */
public final class Attributes {
    private static final int TYPE_MASK = 0x3fff;
    private final Map<Integer, List<byte[]>> byType = new HashMap<>();

    private Attributes() {}

    /** @param bytes attributes back to back, as in a message after its fixed part or in a nested attribute */
    public static Attributes parse(byte[] bytes) {
        return parse(ByteBuffer.wrap(bytes));
    }

    public static Attributes parse(ByteBuffer source) {
        ByteBuffer buffer = source.slice().order(ByteOrder.nativeOrder());
        Attributes attributes = new Attributes();
        while (buffer.remaining() >= 4) {
            int start = buffer.position();
            int length = buffer.getShort() & 0xffff;
            int type = buffer.getShort() & TYPE_MASK;
            if (length < 4 || length - 4 > buffer.remaining()) {
                break;
            }
            byte[] value = new byte[length - 4];
            buffer.get(value);
            attributes.byType.computeIfAbsent(type, unused -> new ArrayList<>()).add(value);
            buffer.position(Math.min(buffer.limit(), start + (length + 3 & ~3)));
        }
        return attributes;
    }

    public Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(byType.get(type)).map(List::getFirst);
    }

    public List<byte[]> all(int type) {
        return byType.getOrDefault(type, List.of());
    }

    public Optional<Integer> u8(int type) {
        return bytes(type).map(value -> value[0] & 0xff);
    }

    public Optional<Integer> u32(int type) {
        return bytes(type)
                .map(value ->
                        ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt());
    }

    public Optional<Integer> be32(int type) {
        return bytes(type).map(value -> ByteBuffer.wrap(value).getInt());
    }

    public Optional<Integer> be16(int type) {
        return bytes(type).map(value -> ByteBuffer.wrap(value).getShort() & 0xffff);
    }

    public Optional<String> string(int type) {
        return bytes(type).map(Attributes::withoutTerminator);
    }

    /** The nested attributes, none when there is no such attribute. */
    public Attributes nested(int type) {
        return bytes(type).map(Attributes::parse).orElseGet(Attributes::new);
    }

    private static String withoutTerminator(byte[] value) {
        int end = value.length;
        while (end > 0 && value[end - 1] == 0) {
            end--;
        }
        return new String(value, 0, end, StandardCharsets.UTF_8);
    }
}
