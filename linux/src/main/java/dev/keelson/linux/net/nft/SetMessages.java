package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.Attributes;
import dev.keelson.linux.net.Ipv4;
import dev.keelson.linux.net.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The layout of sets and their elements (linux/netfilter/nf_tables.h, nft_set_attributes and so on). */
final class SetMessages {
    static final int FLAG_ANONYMOUS = 0x1;
    static final int FLAG_CONSTANT = 0x2;
    static final int FLAG_MAP = 0x8;
    static final int FLAG_TIMEOUT = 0x10;
    static final int FLAG_EVALUATE = 0x20;

    private static final int DATA_TYPE_VERDICT = 0xffffff00;
    private static final int TYPE_BITS = 6;
    private static final int TYPE_INTEGER = 4;
    private static final int TARGET_TYPE =
            Field.DESTINATION_ADDRESS.typeNumber() << TYPE_BITS | Field.DESTINATION_PORT.typeNumber();
    private static final int TARGET_BYTES = 8;

    private static final int USER_DATA = 13;

    /** For nft(8) alone: type 0 (byte order of keys), length 4, value 1 (the host's). */
    private static final byte[] HOST_ORDER_KEYS = {0, 4, 1, 0, 0, 0};

    private static final int ELEMENT_KEY = 1;
    private static final int ELEMENT_DATA = 2;
    private static final int VALUE = 1;
    private static final int VERDICT = 2;

    private SetMessages() {}

    static void describe(NetlinkMessage message, NftSet set) {
        int flags = set.timeout().isPresent() ? FLAG_TIMEOUT | FLAG_EVALUATE : 0;
        describe(message, flags, keyType(set.key()), keyLength(set.key()), set.holds());
        set.timeout().ifPresent(timeout -> message.attributeBe64(11, timeout.toMillis()));
    }

    /** A map from 0, 1, 2, ... that belongs to one rule. */
    static void describeNumbered(NetlinkMessage message, NftSet.Holds holds) {
        describe(message, FLAG_ANONYMOUS | FLAG_CONSTANT, TYPE_INTEGER, 4, holds);
        message.attribute(USER_DATA, HOST_ORDER_KEYS);
    }

    private static void describe(NetlinkMessage message, int flags, int keyType, int keyLength, NftSet.Holds holds) {
        int mapFlag = holds == NftSet.Holds.NOTHING ? 0 : FLAG_MAP;
        message.attributeBe32(3, flags | mapFlag).attributeBe32(4, keyType).attributeBe32(5, keyLength);
        switch (holds) {
            case NOTHING -> {}
            case VERDICT -> message.attributeBe32(6, DATA_TYPE_VERDICT).attributeBe32(7, 16);
            case TARGET -> message.attributeBe32(6, TARGET_TYPE).attributeBe32(7, TARGET_BYTES);
        }
    }

    static byte[] encode(List<Field> fields, Key key) {
        if (fields.size() == 1) {
            ByteBuffer single = ByteBuffer.allocate(fields.getFirst().length());
            fields.getFirst().write(single, key.parts().getFirst());
            return single.array();
        }
        ByteBuffer buffer = ByteBuffer.allocate(fields.size() * Field.REGISTER_BYTES);
        for (int i = 0; i < fields.size(); i++) {
            buffer.position(i * Field.REGISTER_BYTES);
            fields.get(i).write(buffer, key.parts().get(i));
        }
        return buffer.array();
    }

    static Key decode(List<Field> fields, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Integer[] parts = new Integer[fields.size()];
        for (int i = 0; i < parts.length; i++) {
            buffer.position(i * Field.REGISTER_BYTES);
            parts[i] = fields.get(i).read(buffer);
        }
        return new Key(Arrays.asList(parts));
    }

    static byte[] numberedKey(int number) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(number)
                .array();
    }

    static void writeElement(NetlinkMessage message, byte[] key, Value value) {
        message.nest(1, element -> {
            element.nest(ELEMENT_KEY, data -> data.attribute(VALUE, key));
            switch (value) {
                case Value.None _ -> {}
                case Value.GoTo(String chain) ->
                    element.nest(
                            ELEMENT_DATA,
                            data -> data.nest(VERDICT, verdict -> verdict.attributeBe32(1, StatementWriter.VERDICT_GOTO)
                                    .attribute(2, chain)));
                case Value.Target target -> element.nest(ELEMENT_DATA, data -> data.attribute(VALUE, encode(target)));
            }
        });
    }

    static Key readKey(List<Field> fields, Attributes element) {
        return decode(fields, element.nested(ELEMENT_KEY).bytes(VALUE).orElseThrow());
    }

    static Value readValue(Attributes element) {
        Attributes data = element.nested(ELEMENT_DATA);
        Optional<Value> target = data.bytes(VALUE).map(SetMessages::decodeTarget);
        Optional<Value> verdict = data.nested(VERDICT).string(2).map(Value::goTo);
        return target.or(() -> verdict).orElse(Value.NONE);
    }

    private static byte[] encode(Value.Target target) {
        ByteBuffer buffer = ByteBuffer.allocate(TARGET_BYTES);
        return buffer.put(target.address().bytes())
                .putShort((short) target.port())
                .array();
    }

    private static Value decodeTarget(byte[] bytes) {
        int port = (bytes[4] & 0xff) << 8 | bytes[5] & 0xff;
        return new Value.Target(Ipv4.of(bytes), port);
    }

    private static int keyType(List<Field> fields) {
        int type = 0;
        for (Field field : fields) {
            type = type << TYPE_BITS | field.typeNumber();
        }
        return type;
    }

    private static int keyLength(List<Field> fields) {
        return fields.size() == 1 ? fields.getFirst().length() : fields.size() * Field.REGISTER_BYTES;
    }
}
