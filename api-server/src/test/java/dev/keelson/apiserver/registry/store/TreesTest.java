package dev.keelson.apiserver.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.StoredJson;
import java.io.IOException;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreesTest {
    private static ObjectNode with(String text) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put(text, text)
                .put("ratio", new BigDecimal("1.50"))
                .putArray("all")
                .add(text);
        return tree;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 71, 72, 2000, 9000, 70_000})
    void textsOfAnyLengthAreWrittenAsJacksonWritesThem(int length) throws IOException {
        ObjectNode tree = with("x".repeat(length));
        assertThat(Trees.bytes(tree)).isEqualTo(StoredJson.MAPPER.writeValueAsBytes(tree));
    }

    /** One character of each kind at each place, the last of which do not fill a group of eight. */
    @Test
    void charactersAreEscapedWhereverTheyStand() throws IOException {
        for (int place = 0; place < 76; place++) {
            for (int character = 0; character < 0x100; character++) {
                ObjectNode tree = with("a".repeat(place) + (char) character + "z".repeat(75 - place));
                assertThat(Trees.bytes(tree)).isEqualTo(StoredJson.MAPPER.writeValueAsBytes(tree));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00e9", "\u4e2d", "\ud83d\ude00", "\ud83d", "?", "\u007f"})
    void longTextsMayHaveAnyCharacter(String character) throws IOException {
        ObjectNode tree = with("a".repeat(70) + character);
        assertThat(Trees.bytes(tree)).isEqualTo(StoredJson.MAPPER.writeValueAsBytes(tree));
    }
}
