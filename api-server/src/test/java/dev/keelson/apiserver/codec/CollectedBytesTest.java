package dev.keelson.apiserver.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CollectedBytesTest {
    @Test
    void bytesThatComeAtOnceAreNotCopied() {
        byte[] text = "whole".getBytes(US_ASCII);
        CollectedBytes collected = new CollectedBytes();
        collected.add(text);
        assertThat(collected.all()).isSameAs(text);
    }

    @Test
    void nothingIsEmpty() {
        assertThat(new CollectedBytes().all()).isEmpty();
    }

    @Test
    void whatIsWrittenIsKeptAlthoughTheSourceIsUsedAgain() {
        byte[] buffer = "one".getBytes(US_ASCII);
        CollectedBytes collected = new CollectedBytes();
        collected.write(buffer, 0, 3);
        buffer[0] = 'x';
        assertThat(collected.all()).asString().isEqualTo("one");
    }

    @Test
    void piecesFollowEachOtherAndStayAsTheyWere() {
        Random random = new Random(17);
        StringBuilder expected = new StringBuilder();
        CollectedBytes collected = new CollectedBytes();
        byte[] first = "first".getBytes(US_ASCII);
        collected.add(first);
        expected.append("first");
        for (int i = 0; i < 200; i++) {
            String piece = "#".repeat(random.nextInt(5)) + i;
            if (random.nextBoolean()) {
                collected.add(piece.getBytes(US_ASCII));
            } else {
                collected.write((" " + piece).getBytes(US_ASCII), 1, piece.length());
            }
            expected.append(piece);
            assertThat(collected.length()).isEqualTo(expected.length());
        }
        assertThat(collected.all()).asString().isEqualTo(expected.toString());
        assertThat(first).asString().isEqualTo("first");
    }
}
