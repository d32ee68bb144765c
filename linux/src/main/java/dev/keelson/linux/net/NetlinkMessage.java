package dev.keelson.linux.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One netlink request under construction: header, the family's fixed part, attributes (linux/netlink.h). Numbers are
 * in the machine's byte order unless the method says big-endian.
 */
public final class NetlinkMessage {
    static final int HEADER = 16;
    private static final int NESTED = 0x8000;

    public static final int REQUEST = 0x1;
    public static final int ACK = 0x4;
    public static final int DUMP = 0x300;
    public static final int REPLACE = 0x100;
    public static final int EXCLUSIVE = 0x200;
    public static final int CREATE = 0x400;
    public static final int APPEND = 0x800;

    private final String operation;
    private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

    /**
     * @param operation for errors: what is tried and on which object
     * @param flags as named in this class; {@link #REQUEST} is implied
     */
    public NetlinkMessage(String operation, int type, int flags) {
        this.operation = operation;
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) (flags | REQUEST))
                .putInt(0)
                .putInt(0);
    }

    public String operation() {
        return operation;
    }

    public NetlinkMessage u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    public NetlinkMessage u16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    public NetlinkMessage u32(int value) {
        room(4).putInt(value);
        return this;
    }

    /** Writes two bytes most significant first. */
    public NetlinkMessage be16(int value) {
        return u8(value >> 8).u8(value);
    }

    public NetlinkMessage attribute(int type, byte[] value) {
        room(4).putShort((short) (4 + value.length)).putShort((short) type);
        room(value.length).put(value);
        return pad();
    }

    public NetlinkMessage attribute(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(text, text.length + 1));
    }

    public NetlinkMessage attributeU8(int type, int value) {
        return attribute(type, new byte[] {(byte) value});
    }

    public NetlinkMessage attributeU32(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /** A four byte attribute in network byte order, as all of nfnetlink has them. */
    public NetlinkMessage attributeBe32(int type, int value) {
        return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
    }

    public NetlinkMessage attributeBe64(int type, long value) {
        return attribute(type, ByteBuffer.allocate(8).putLong(value).array());
    }

    public NetlinkMessage attributeBe16(int type, int value) {
        return attribute(type, new byte[] {(byte) (value >> 8), (byte) value});
    }

    /** An attribute whose value is what {@code content} writes. */
    public NetlinkMessage nest(int type, Consumer<NetlinkMessage> content) {
        int start = buffer.position();
        room(4).putShort((short) 0).putShort((short) (type | NESTED));
        content.accept(this);
        int length = buffer.position() - start;
        if (length > 0xffff) {
            throw new IllegalArgumentException(
                    "netlink attribute %d of %d bytes is above 65535".formatted(type, length));
        }
        buffer.putShort(start, (short) length);
        return pad();
    }

    /** The bytes to send, numbered {@code sequence}. */
    byte[] bytes(int sequence) {
        byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        header.putInt(0, bytes.length).putInt(8, sequence);
        return bytes;
    }

    /** Makes the kernel answer this message even when it succeeds. */
    NetlinkMessage acknowledged() {
        buffer.putShort(6, (short) (buffer.getShort(6) | ACK));
        return this;
    }

    private NetlinkMessage pad() {
        while (buffer.position() % 4 != 0) {
            u8(0);
        }
        return this;
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes))
                    .order(ByteOrder.nativeOrder());
            buffer = larger.put(buffer.flip());
        }
        return buffer;
    }
}
