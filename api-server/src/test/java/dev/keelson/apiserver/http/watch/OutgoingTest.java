package dev.keelson.apiserver.http.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 100})
    void piecesOfAnySizeMakeTheWhole(int most) {
        Outgoing outgoing = new Outgoing();
        outgoing.add(parts("a", "bcdef", ""));
        Buffer all = Buffer.buffer().appendBuffer(outgoing.next(most));
        outgoing.add(parts("ghijklmnop"));
        while (!outgoing.isEmpty()) {
            Buffer piece = outgoing.next(most);
            assertThat(piece.length()).isBetween(0, most);
            all.appendBuffer(piece);
        }
        assertThat(all.toString()).isEqualTo("abcdefghijklmnop");
        assertThat(outgoing.next(most).length()).isZero();
    }

    private static List<byte[]> parts(String... parts) {
        return List.of(parts).stream().map(part -> part.getBytes(UTF_8)).toList();
    }
}
