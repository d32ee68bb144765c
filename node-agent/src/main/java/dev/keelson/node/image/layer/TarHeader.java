package dev.keelson.node.image.layer;

import java.nio.charset.StandardCharsets;

/** One 512-byte header block of a tar archive: v7, ustar (POSIX.1-1988), GNU and star variants. */
final class TarHeader {
    static final int BLOCK = 512;

    private enum Format {
        V7,
        USTAR,
        GNU,
        STAR
    }

    private final byte[] block;
    private final Format format;

    /** @param block a block that is not all zeros */
    TarHeader(byte[] block) throws TarFormatException {
        this.block = block;
        checkSum();
        this.format = format();
    }

    static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    byte[] block() {
        return block;
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    String path() {
        String name = text(0, 100);
        String prefix =
                switch (format) {
                    case USTAR -> text(345, 155);
                    case STAR -> text(345, 131);
                    case V7, GNU -> "";
                };
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    String linkTarget() {
        return text(157, 100);
    }

    int mode() throws TarFormatException {
        return (int) (number(100, 8, "mode") & 07777);
    }

    long uid() throws TarFormatException {
        return number(108, 8, "uid");
    }

    long gid() throws TarFormatException {
        return number(116, 8, "gid");
    }

    long size() throws TarFormatException {
        return number(124, 12, "size");
    }

    long seconds() throws TarFormatException {
        return number(136, 12, "mtime");
    }

    long deviceMajor() throws TarFormatException {
        return format == Format.V7 ? 0 : number(329, 8, "devmajor");
    }

    long deviceMinor() throws TarFormatException {
        return format == Format.V7 ? 0 : number(337, 8, "devminor");
    }

    boolean isGnu() {
        return format == Format.GNU;
    }

    /** Length of an old GNU sparse file with its holes. */
    long sparseRealSize() throws TarFormatException {
        return number(483, 12, "realsize");
    }

    /** A number field: octal digits, or big-endian binary when the first bit is set (a GNU extension). */
    static long number(byte[] block, int offset, int length, String field) throws TarFormatException {
        if ((block[offset] & 0x80) != 0) {
            return binary(block, offset, length, field);
        }
        int at = offset;
        int end = offset + length;
        while (at < end && (block[at] == ' ' || block[at] == 0)) {
            at++;
        }
        long value = 0;
        for (; at < end && block[at] != ' ' && block[at] != 0; at++) {
            int digit = block[at] - '0';
            if (digit < 0 || digit > 7 || value > (Long.MAX_VALUE >> 3)) {
                throw new TarFormatException("the header's " + field + " is not an octal number");
            }
            value = (value << 3) | digit;
        }
        return value;
    }

    private long number(int offset, int length, String field) throws TarFormatException {
        return number(block, offset, length, field);
    }

    private static long binary(byte[] block, int offset, int length, String field) throws TarFormatException {
        boolean negative = (block[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int next = i == 0 ? (negative ? block[offset] | 0x80 : block[offset] & 0x7f) : block[offset + i];
            boolean lossless = negative ? (value >> 55) == -1 : (value >> 55) == 0;
            if (!lossless) {
                throw new TarFormatException("the header's " + field + " is too large");
            }
            value = (value << 8) | (next & 0xff);
        }
        return value;
    }

    private String text(int offset, int length) {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return new String(block, offset, end - offset, StandardCharsets.ISO_8859_1);
    }

    private Format format() {
        if (matches(257, "ustar\0")) {
            return matches(508, "tar\0") ? Format.STAR : Format.USTAR;
        }
        return matches(257, "ustar  \0") ? Format.GNU : Format.V7;
    }

    private boolean matches(int offset, String magic) {
        return new String(block, offset, magic.length(), StandardCharsets.ISO_8859_1).equals(magic);
    }

    private void checkSum() throws TarFormatException {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        long stored = number(block, 148, 8, "checksum");
        if (stored != unsigned && stored != signed) {
            throw new TarFormatException("a header has a wrong checksum");
        }
    }
}
