package dev.keelson.apiserver.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes that must be UTF-8, as text: nothing is replaced silently. */
final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    /**
     * The text, without a NUL character and with every surrogate in a pair.
     *
     * @throws BodyException when the bytes are no valid UTF-8 or hold a NUL
     */
    static String text(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (text.indexOf(0) >= 0) {
            throw BodyException.malformed("the body contains a NUL byte; send UTF-8 text");
        }
        // Each character beyond ASCII takes several bytes; only what is broken stands for itself.
        boolean ascii = text.length() == body.length && text.indexOf(REPLACEMENT) < 0;
        return ascii ? text : strictly(body);
    }

    private static String strictly(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException bad) {
            throw BodyException.malformed("the body is not valid UTF-8");
        }
    }
}
