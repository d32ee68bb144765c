package dev.keelson.node.image.layer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records of one PAX extended header (POSIX.1-2001): {@code length key=value\n}. Values are bytes, one per
 * character: those of extended attributes are binary.
 */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords(Map.of(), List.of());
    private static final String XATTR = "SCHILY.xattr.";

    private final Map<String, String> values;
    /** GNU sparse format 0.0 repeats these two keys, once per segment. */
    private final List<String> sparseNumbers;

    private PaxRecords(Map<String, String> values, List<String> sparseNumbers) {
        this.values = values;
        this.sparseNumbers = sparseNumbers;
    }

    static PaxRecords parse(byte[] content) throws TarFormatException {
        Map<String, String> values = new LinkedHashMap<>();
        List<String> sparse = new ArrayList<>();
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < text.length()) {
            int space = text.indexOf(' ', at);
            int end = at + recordLength(text, at, space);
            int equals = text.indexOf('=', space);
            if (end > text.length() || end <= space || equals < 0 || equals >= end || text.charAt(end - 1) != '\n') {
                throw new TarFormatException("an extended header record is malformed");
            }
            String key = text.substring(space + 1, equals);
            String value = text.substring(equals + 1, end - 1);
            if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
                sparse.add(value);
            } else {
                values.put(key, value);
            }
            at = end;
        }
        return new PaxRecords(values, sparse);
    }

    private static int recordLength(String text, int at, int space) throws TarFormatException {
        if (space < 0 || space == at || space - at > 9) {
            throw new TarFormatException("an extended header record has no length");
        }
        return (int) decimal(text.substring(at, space), "record length");
    }

    Optional<String> text(String key) throws TarFormatException {
        String value = values.getOrDefault(key, "");
        if (value.indexOf('\0') >= 0) {
            throw new TarFormatException("the extended header's " + key + " has a zero byte in it");
        }
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    Optional<Long> number(String key) throws TarFormatException {
        String value = values.getOrDefault(key, "");
        return value.isEmpty() ? Optional.empty() : Optional.of(decimal(value, key));
    }

    /** A time such as {@code 1700000000.25}: whole seconds, rounded down, and nanoseconds. */
    Optional<long[]> time(String key) throws TarFormatException {
        String value = values.getOrDefault(key, "");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            java.math.BigDecimal time = new java.math.BigDecimal(value.length() > 40 ? "x" : value);
            java.math.BigDecimal seconds = time.setScale(0, java.math.RoundingMode.FLOOR);
            return Optional.of(new long[] {
                seconds.longValueExact(),
                time.subtract(seconds).movePointRight(9).longValue()
            });
        } catch (ArithmeticException | NumberFormatException e) {
            throw new TarFormatException("the extended header's " + key + " is not a time");
        }
    }

    Map<String, byte[]> xattrs() {
        Map<String, byte[]> xattrs = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                xattrs.put(key.substring(XATTR.length()), value.getBytes(StandardCharsets.ISO_8859_1));
            }
        });
        return xattrs;
    }

    /** Segment numbers of GNU sparse formats 0.0 and 0.1: offset, length, offset, length. */
    List<String> sparseNumbers() {
        String list = values.getOrDefault("GNU.sparse.map", "");
        return list.isEmpty() ? sparseNumbers : List.of(list.split(","));
    }

    boolean isSparse1() {
        return values.getOrDefault("GNU.sparse.major", "").equals("1")
                && values.getOrDefault("GNU.sparse.minor", "").equals("0");
    }

    static long decimal(String digits, String what) throws TarFormatException {
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new TarFormatException("the extended header's " + what + " is not a number");
        }
        return Long.parseLong(digits);
    }
}
