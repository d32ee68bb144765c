package dev.keelson.node.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * One record of a CRI log: {@code 2016-10-06T00:17:09.669794202Z stdout F text} (Kubernetes: "CRI log format").
 *
 * @param partial the line goes on in the stream's next record
 * @param text without the line end; not necessarily UTF-8
 */
record CriRecord(String time, String stream, boolean partial, byte[] text) {

    /** Empty for bytes that are not a record, such as the torn rest of a disk that was full. */
    static Optional<CriRecord> parse(byte[] line, int length) {
        int first = space(line, 0, length);
        int second = space(line, first + 1, length);
        int third = space(line, second + 1, length);
        if (first <= 0 || second <= first || third <= second) {
            return Optional.empty();
        }
        byte[] text = new byte[length - third - 1];
        System.arraycopy(line, third + 1, text, 0, text.length);
        return Optional.of(new CriRecord(
                ascii(line, 0, first),
                ascii(line, first + 1, second),
                ascii(line, second + 1, third).startsWith("P"),
                text));
    }

    private static int space(byte[] line, int from, int length) {
        for (int at = from; at > 0 || from == 0; at++) {
            if (at >= length) {
                return -1;
            }
            if (line[at] == ' ') {
                return at;
            }
        }
        return -1;
    }

    private static String ascii(byte[] line, int from, int to) {
        return new String(line, from, to - from, StandardCharsets.US_ASCII);
    }

    boolean writtenSince(Instant since) {
        try {
            return !Instant.parse(time).isBefore(since);
        } catch (DateTimeParseException unreadable) {
            return true;
        }
    }
}
