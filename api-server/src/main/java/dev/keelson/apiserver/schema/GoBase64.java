package dev.keelson.apiserver.schema;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/** Base64 as Go reads it, which is stricter than Java: groups of four are filled up with {@code =}; line ends may stand anywhere. */
final class GoBase64 {
    private static final int GROUP = 4;

    private GoBase64() {}

    /** The byte at which Go's decoder gives up; empty when the text is base64. */
    static OptionalInt firstWrong(String base64) {
        byte[] text = base64.getBytes(StandardCharsets.UTF_8);
        int inGroup = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '=') {
                return inFilling(text, i, inGroup);
            }
            if (isDigit(text[i])) {
                inGroup = (inGroup + 1) % GROUP;
            } else if (!isLineEnd(text[i])) {
                return OptionalInt.of(i);
            }
        }
        return inGroup == 0 ? OptionalInt.empty() : OptionalInt.of(text.length - inGroup);
    }

    /** @param inGroup how many digits of the last group stand before the first {@code =} */
    private static OptionalInt inFilling(byte[] text, int first, int inGroup) {
        if (inGroup < 2) {
            return OptionalInt.of(first);
        }
        int next = behindLineEnds(text, first + 1);
        if (inGroup == 2) {
            if (next == text.length) {
                return OptionalInt.of(next);
            }
            if (text[next] != '=') {
                return OptionalInt.of(next - 1);
            }
            next = behindLineEnds(text, next + 1);
        }
        return next == text.length ? OptionalInt.empty() : OptionalInt.of(next);
    }

    private static int behindLineEnds(byte[] text, int from) {
        int next = from;
        while (next < text.length && isLineEnd(text[next])) {
            next++;
        }
        return next;
    }

    private static boolean isLineEnd(byte next) {
        return next == '\n' || next == '\r';
    }

    private static boolean isDigit(byte next) {
        return next >= 'A' && next <= 'Z'
                || next >= 'a' && next <= 'z'
                || next >= '0' && next <= '9'
                || next == '+'
                || next == '/';
    }
}
