package dev.keelson.linux.net.nft;

import dev.keelson.linux.net.NetlinkMessage;
import java.util.List;
import java.util.function.Consumer;

/** Writes the kernel's expressions (linux/netfilter/nf_tables.h) into a rule message. */
final class ExpressionWriter {
    /** Registers of four bytes; the first one aliases the sixteen bytes that device names need. */
    static final int REGISTER_0 = 8;

    static final int REGISTER_OF_16_BYTES = 1;
    static final int REGISTER_VERDICT = 0;

    static final int META_IIFNAME = 6;
    static final int META_OIFNAME = 7;
    static final int META_L4PROTO = 16;
    static final int CT_STATE = 0;
    static final int CT_STATUS = 2;

    private static final int LIST_ELEMENT = 1;
    private static final int DATA_VALUE = 1;
    private static final int DATA_VERDICT = 2;

    private final NetlinkMessage out;

    ExpressionWriter(NetlinkMessage out) {
        this.out = out;
    }

    void meta(int key, int register) {
        write("meta", data -> data.attributeBe32(1, register).attributeBe32(2, key));
    }

    void payload(Header header, int offset, int length, int register) {
        write("payload", data -> data.attributeBe32(1, register)
                .attributeBe32(2, header.base())
                .attributeBe32(3, offset)
                .attributeBe32(4, length));
    }

    /** Ends the rule unless the register equals the bytes (or, negated, differs). */
    void compare(int register, byte[] bytes, boolean negated) {
        write("cmp", data -> data.attributeBe32(1, register)
                .attributeBe32(2, negated ? 1 : 0)
                .nest(3, value -> value.attribute(DATA_VALUE, bytes)));
    }

    void mask(int register, byte[] mask) {
        write("bitwise", data -> data.attributeBe32(1, register)
                .attributeBe32(2, register)
                .attributeBe32(3, mask.length)
                .nest(4, value -> value.attribute(DATA_VALUE, mask))
                .nest(5, value -> value.attribute(DATA_VALUE, new byte[mask.length])));
    }

    void connection(int key, int register) {
        write("ct", data -> data.attributeBe32(1, register).attributeBe32(2, key));
    }

    /** Loads what kind of address the destination is (RTN_LOCAL and so on). */
    void destinationKind(int register) {
        final int addressType = 3;
        final int ofDestination = 2;
        write("fib", data -> data.attributeBe32(1, register)
                .attributeBe32(2, addressType)
                .attributeBe32(3, ofDestination));
    }

    void lookup(SetReference set, int register) {
        write("lookup", data -> set.write(data.attributeBe32(2, register), 1, 4));
    }

    void map(SetReference map, int register, int into) {
        write("lookup", data -> map.write(data.attributeBe32(2, register).attributeBe32(3, into), 1, 4));
    }

    void random(int register, int modulus) {
        final int kindRandom = 1;
        write("numgen", data -> data.attributeBe32(1, register)
                .attributeBe32(2, modulus)
                .attributeBe32(3, kindRandom)
                .attributeBe32(4, 0));
    }

    void remember(String set, int register) {
        final int update = 1;
        write("dynset", data -> data.attribute(1, set).attributeBe32(3, update).attributeBe32(4, register));
    }

    void immediate(int register, byte[] bytes) {
        write("immediate", data -> data.attributeBe32(1, register)
                .nest(2, value -> value.attribute(DATA_VALUE, bytes)));
    }

    void verdict(int code, String chain) {
        write("immediate", data -> data.attributeBe32(1, REGISTER_VERDICT)
                .nest(
                        2,
                        value -> value.nest(DATA_VERDICT, verdict -> {
                            verdict.attributeBe32(1, code);
                            if (!chain.isEmpty()) {
                                verdict.attribute(2, chain);
                            }
                        })));
    }

    /** Sends the connection to the address in one register and the port in the next. */
    void redirect(int addressRegister) {
        final int destination = 1;
        final int ipv4 = 2;
        write("nat", data -> data.attributeBe32(1, destination)
                .attributeBe32(2, ipv4)
                .attributeBe32(3, addressRegister)
                .attributeBe32(5, addressRegister + 1));
    }

    void masquerade() {
        write("masq", data -> {});
    }

    void reject(int type, int icmpCode) {
        write("reject", data -> data.attributeBe32(1, type).attributeU8(2, icmpCode));
    }

    /** Loads the fields one register after the other. */
    void load(List<Field> fields) {
        int register = REGISTER_0;
        for (Field field : fields) {
            load(field, register++);
        }
    }

    private void load(Field field, int register) {
        switch (field) {
            case SOURCE_ADDRESS -> payload(Header.NETWORK, 12, 4, register);
            case DESTINATION_ADDRESS -> payload(Header.NETWORK, 16, 4, register);
            case PROTOCOL -> meta(META_L4PROTO, register);
            case DESTINATION_PORT -> payload(Header.TRANSPORT, 2, 2, register);
        }
    }

    private void write(String name, Consumer<NetlinkMessage> data) {
        out.nest(LIST_ELEMENT, element -> element.attribute(1, name).nest(2, data));
    }

    /** The header that a payload offset counts from. */
    enum Header {
        NETWORK(1),
        TRANSPORT(2);

        private final int base;

        Header(int base) {
            this.base = base;
        }

        int base() {
            return base;
        }
    }
}
