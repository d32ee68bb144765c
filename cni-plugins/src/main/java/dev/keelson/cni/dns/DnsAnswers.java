package dev.keelson.cni.dns;

import dev.keelson.linux.net.Ipv4;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Asks for, and takes apart, what other servers answer, as far as aliases need it. */
final class DnsAnswers {
    private static final int CLASS_IN = 1;
    private static final int POINTER = 0xc0;

    private DnsAnswers() {}

    static byte[] question(int id, String name, int type, int flags) {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            labels.write(bytes.length);
            labels.writeBytes(bytes);
        }
        labels.write(0);
        return ByteBuffer.allocate(DnsQuery.HEADER + labels.size() + 4)
                .putShort((short) id)
                .putShort((short) flags)
                .putShort((short) 1)
                .putShort((short) 0)
                .putInt(0)
                .put(labels.toByteArray())
                .putShort((short) type)
                .putShort((short) CLASS_IN)
                .array();
    }

    /** The addresses in an answer, as records of {@code name}; none when it cannot be read. */
    static List<DnsRecord> addresses(byte[] answer, String name) {
        List<DnsRecord> records = new ArrayList<>();
        try {
            ByteBuffer buffer = ByteBuffer.wrap(answer);
            int questions = buffer.getShort(4) & 0xffff;
            int answers = buffer.getShort(6) & 0xffff;
            buffer.position(DnsQuery.HEADER);
            for (int i = 0; i < questions; i++) {
                skipName(buffer);
                buffer.getInt();
            }
            for (int i = 0; i < answers; i++) {
                skipName(buffer);
                int type = buffer.getShort() & 0xffff;
                buffer.getShort();
                buffer.getInt();
                byte[] value = new byte[buffer.getShort() & 0xffff];
                buffer.get(value);
                if (type == RecordType.A && value.length == 4) {
                    records.add(new DnsRecord.A(name, Ipv4.of(value)));
                }
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException cut) {
            return List.of();
        }
        return records;
    }

    private static void skipName(ByteBuffer buffer) {
        int length;
        while ((length = buffer.get() & 0xff) != 0) {
            if ((length & POINTER) == POINTER) {
                buffer.get();
                return;
            }
            if (length > buffer.remaining()) {
                throw new BufferUnderflowException();
            }
            buffer.position(buffer.position() + length);
        }
    }
}
