package dev.keelson.node.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Cuts bytes into records and writes those that are wanted as people read them. */
final class RecordWriter {
    /** Longer than any record: a line without end is not kept in memory for ever. */
    private static final int LONGEST = 1 << 20;

    private final LogOptions options;
    private final OutputStream out;
    private final ByteArrayOutputStream record = new ByteArrayOutputStream();
    private long left;
    private boolean lineOpen;

    RecordWriter(LogOptions options, OutputStream out) {
        this.options = options;
        this.out = out;
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    boolean full() {
        return left <= 0;
    }

    void accept(byte[] bytes, int length) throws IOException {
        int from = 0;
        for (int at = 0; at < length && !full(); at++) {
            if (bytes[at] == '\n') {
                record.write(bytes, from, at - from);
                emit();
                from = at + 1;
            }
        }
        if (!full() && record.size() < LONGEST) {
            record.write(bytes, from, length - from);
        }
    }

    private void emit() throws IOException {
        byte[] bytes = record.toByteArray();
        record.reset();
        CriRecord parsed = CriRecord.parse(bytes, bytes.length).orElse(null);
        boolean wanted = parsed != null
                && (options.stream().isEmpty() || options.stream().equals(parsed.stream()))
                && options.since().map(parsed::writtenSince).orElse(true);
        if (!wanted) {
            return;
        }
        if (options.timestamps() && !lineOpen) {
            write((parsed.time() + " ").getBytes(StandardCharsets.US_ASCII));
        }
        write(parsed.text());
        if (!parsed.partial()) {
            write(new byte[] {'\n'});
        }
        lineOpen = parsed.partial();
    }

    private void write(byte[] bytes) throws IOException {
        int count = (int) Math.min(left, bytes.length);
        out.write(bytes, 0, count);
        left -= count;
    }

    void flush() throws IOException {
        out.flush();
    }
}
