package dev.keelson.cni.dns;

import dev.keelson.cni.dns.DnsReply.Code;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A query as it came over the wire (RFC 1035, 4).
 *
 * @param recursionDesired copied into the answer
 * @param extendedSize how long a UDP answer the client takes, present when it speaks EDNS (RFC 6891)
 * @param questionBytes the question section, which the answer repeats as it was
 */
record DnsQuery(
        int id, boolean recursionDesired, DnsQuestion question, OptionalInt extendedSize, byte[] questionBytes) {
    static final int HEADER = 12;
    private static final int CLASS_IN = 1;
    private static final int MAX_NAME = 255;

    /** Why a message cannot be answered. @param code empty when it deserves no answer at all */
    static final class Malformed extends Exception {
        private final transient Optional<Code> code;

        Malformed(Optional<Code> code, String message) {
            super(message);
            this.code = code;
        }

        Optional<Code> code() {
            return code;
        }
    }

    static DnsQuery parse(byte[] message) throws Malformed {
        if (message.length < HEADER) {
            throw new Malformed(Optional.empty(), "shorter than a header");
        }
        ByteBuffer buffer = ByteBuffer.wrap(message);
        int id = buffer.getShort() & 0xffff;
        int flags = buffer.getShort() & 0xffff;
        if ((flags & 0x8000) != 0) {
            throw new Malformed(Optional.empty(), "an answer, not a query");
        }
        if ((flags & 0x7800) != 0) {
            throw new Malformed(Optional.of(Code.NOT_IMPLEMENTED), "not a standard query");
        }
        int questions = buffer.getShort() & 0xffff;
        int others = (buffer.getShort() & 0xffff) + (buffer.getShort() & 0xffff);
        int additional = buffer.getShort() & 0xffff;
        if (questions != 1 || others > 0) {
            throw new Malformed(Optional.of(Code.FORMAT_ERROR), "not exactly one question");
        }
        try {
            String name = name(buffer);
            int type = buffer.getShort() & 0xffff;
            if ((buffer.getShort() & 0xffff) != CLASS_IN) {
                throw new Malformed(Optional.of(Code.REFUSED), "a class other than IN");
            }
            byte[] question = new byte[buffer.position() - HEADER];
            buffer.get(HEADER, question);
            return new DnsQuery(
                    id, (flags & 0x0100) != 0, new DnsQuestion(name, type), extendedSize(buffer, additional), question);
        } catch (BufferUnderflowException cut) {
            throw new Malformed(Optional.of(Code.FORMAT_ERROR), "cut off");
        }
    }

    private static OptionalInt extendedSize(ByteBuffer buffer, int records) throws Malformed {
        for (int i = 0; i < records; i++) {
            name(buffer);
            int type = buffer.getShort() & 0xffff;
            int size = buffer.getShort() & 0xffff;
            buffer.getInt();
            int length = buffer.getShort() & 0xffff;
            if (length > buffer.remaining()) {
                throw new BufferUnderflowException();
            }
            buffer.position(buffer.position() + length);
            if (type == RecordType.OPT) {
                return OptionalInt.of(size);
            }
        }
        return OptionalInt.empty();
    }

    /** Queries have no earlier name that a name could point back to. */
    private static String name(ByteBuffer buffer) throws Malformed {
        StringBuilder name = new StringBuilder();
        int length;
        while ((length = buffer.get() & 0xff) != 0) {
            if (length > 63 || name.length() + length > MAX_NAME || length > buffer.remaining()) {
                throw new Malformed(Optional.of(Code.FORMAT_ERROR), "a label or name too long");
            }
            byte[] label = new byte[length];
            buffer.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
        }
        return name.toString();
    }
}
