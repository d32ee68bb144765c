package dev.keelson.cni.dns;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes answers for the wire, with compressed names (RFC 1035, 4.1.4). */
final class DnsWriter {
    static final int UDP_WITHOUT_EXTENSION = 512;

    /** What passes every network unfragmented (DNS flag day 2020). */
    static final int UDP_AT_MOST = 1232;

    static final int TCP_AT_MOST = 65_535;
    private static final int SECONDS_TO_LIVE = 5;
    private static final int CLASS_IN = 1;
    private static final int FLAG_ANSWER = 0x8000;
    private static final int FLAG_AUTHORITATIVE = 0x0400;
    private static final int FLAG_TRUNCATED = 0x0200;
    private static final int FLAG_RECURSION_DESIRED = 0x0100;
    private static final int FLAG_RECURSION_AVAILABLE = 0x0080;
    private static final int POINTER = 0xc000;
    private static final int LAST_OFFSET_TO_POINT_AT = 0x3fff;
    private static final int OPT_RECORD_BYTES = 11;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> offsets = new HashMap<>();
    private final int limit;

    private DnsWriter(int limit) {
        this.limit = limit;
    }

    /** How long a UDP answer to the query may be. */
    static int udpLimit(DnsQuery query) {
        int wanted = query.extendedSize().orElse(UDP_WITHOUT_EXTENSION);
        return Math.clamp(wanted, UDP_WITHOUT_EXTENSION, UDP_AT_MOST);
    }

    /** An answer of at most {@code limit} bytes; what does not fit is left out and the answer marked as truncated. */
    static byte[] write(DnsQuery query, DnsReply reply, int limit) {
        boolean extended = query.extendedSize().isPresent();
        return new DnsWriter(limit - (extended ? OPT_RECORD_BYTES : 0)).message(query, reply, extended);
    }

    /** A refusal of something that could not be read: nothing but a header. */
    static byte[] failure(byte[] query, DnsReply.Code code) {
        return ByteBuffer.allocate(DnsQuery.HEADER)
                .put(query, 0, 2)
                .putShort((short) (FLAG_ANSWER | code.number()))
                .array();
    }

    private byte[] message(DnsQuery query, DnsReply reply, boolean extended) {
        out.writeBytes(new byte[DnsQuery.HEADER]);
        offsets.put(query.question().name(), DnsQuery.HEADER);
        out.writeBytes(query.questionBytes());
        int answers = section(reply.answers());
        int authority = section(reply.authority());
        int additional = section(reply.additional());
        boolean truncated = answers < reply.answers().size()
                || authority < reply.authority().size();
        if (extended) {
            opt();
        }
        int flags = FLAG_ANSWER
                | FLAG_AUTHORITATIVE
                | FLAG_RECURSION_AVAILABLE
                | (truncated ? FLAG_TRUNCATED : 0)
                | (query.recursionDesired() ? FLAG_RECURSION_DESIRED : 0)
                | reply.code().number();
        byte[] bytes = out.toByteArray();
        ByteBuffer.wrap(bytes)
                .putShort((short) query.id())
                .putShort((short) flags)
                .putShort((short) 1)
                .putShort((short) answers)
                .putShort((short) authority)
                .putShort((short) (additional + (extended ? 1 : 0)));
        return bytes;
    }

    /** Writes records as long as they fit; answers how many did. */
    private int section(List<DnsRecord> records) {
        int written = 0;
        for (DnsRecord record : records) {
            byte[] before = out.toByteArray();
            Map<String, Integer> knownBefore = new HashMap<>(offsets);
            record(record);
            if (out.size() > limit) {
                out.reset();
                out.writeBytes(before);
                offsets.clear();
                offsets.putAll(knownBefore);
                break;
            }
            written++;
        }
        return written;
    }

    private void record(DnsRecord record) {
        switch (record) {
            case DnsRecord.A a -> {
                head(a.name(), RecordType.A);
                number(4);
                out.writeBytes(a.address().bytes());
            }
            case DnsRecord.Cname cname -> named(cname.name(), RecordType.CNAME, cname.target());
            case DnsRecord.Ptr ptr -> named(ptr.name(), RecordType.PTR, ptr.target());
            case DnsRecord.Srv srv -> {
                head(srv.name(), RecordType.SRV);
                // The target is not compressed (RFC 2782).
                number(6 + srv.target().length() + 2);
                number(0);
                number(srv.weight());
                number(srv.port());
                plainName(srv.target());
            }
            case DnsRecord.Txt txt -> {
                head(txt.name(), RecordType.TXT);
                byte[] text = txt.text().getBytes(StandardCharsets.UTF_8);
                number(text.length + 1);
                out.write(text.length);
                out.writeBytes(text);
            }
            case DnsRecord.Soa soa -> start(soa.name());
        }
    }

    private void start(String zone) {
        head(zone, RecordType.SOA);
        String server = "ns.dns." + zone;
        String mailbox = "hostmaster." + zone;
        number(server.length() + 2 + mailbox.length() + 2 + 20);
        plainName(server);
        plainName(mailbox);
        for (int value : new int[] {1, 7200, 1800, 86_400, SECONDS_TO_LIVE}) {
            number(value >>> 16);
            number(value);
        }
    }

    private void named(String name, int type, String target) {
        head(name, type);
        number(target.length() + 2);
        plainName(target);
    }

    private void head(String name, int type) {
        name(name);
        number(type);
        number(CLASS_IN);
        number(0);
        number(SECONDS_TO_LIVE);
    }

    private void opt() {
        out.write(0);
        number(RecordType.OPT);
        number(UDP_AT_MOST);
        number(0);
        number(0);
        number(0);
    }

    private void name(String name) {
        String rest = name;
        while (!rest.isEmpty()) {
            Integer offset = offsets.get(rest);
            if (offset != null) {
                number(POINTER | offset);
                return;
            }
            if (out.size() <= LAST_OFFSET_TO_POINT_AT) {
                offsets.put(rest, out.size());
            }
            int dot = rest.indexOf('.');
            label(dot < 0 ? rest : rest.substring(0, dot));
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        out.write(0);
    }

    private void plainName(String name) {
        for (String label : name.split("\\.")) {
            label(label);
        }
        out.write(0);
    }

    private void label(String label) {
        byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    private void number(int sixteenBits) {
        out.write(sixteenBits >>> 8);
        out.write(sixteenBits);
    }
}
