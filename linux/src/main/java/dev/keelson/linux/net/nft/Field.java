package dev.keelson.linux.net.nft;

import java.nio.ByteBuffer;

/** A part of a packet that sets and maps are keyed by. */
public enum Field {
    SOURCE_ADDRESS(7, 4),
    DESTINATION_ADDRESS(7, 4),
    PROTOCOL(12, 1),
    DESTINATION_PORT(13, 2);

    /** Every field of a concatenation starts at a register of four bytes. */
    static final int REGISTER_BYTES = 4;

    private final int typeNumber;
    private final int length;

    Field(int typeNumber, int length) {
        this.typeNumber = typeNumber;
        this.length = length;
    }

    /** nft's own number for the data type, so that {@code nft list ruleset} prints elements readably. */
    int typeNumber() {
        return typeNumber;
    }

    int length() {
        return length;
    }

    /** The value at the start of a register, most significant byte first. */
    void write(ByteBuffer into, int value) {
        for (int i = length - 1; i >= 0; i--) {
            into.put((byte) (value >>> 8 * i));
        }
    }

    int read(ByteBuffer from) {
        int value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | from.get() & 0xff;
        }
        return value;
    }
}
