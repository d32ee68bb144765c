package dev.keelson.apiserver.registry.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.storage.StoredJson;
import java.io.IOException;
import java.math.BigDecimal;
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
    @ValueSource(ints = {1, 2000, 9000, 70_000})
    void objectsOfAnyLengthAreWrittenAsJacksonWritesThem(int length) throws IOException {
        ObjectNode tree = with("x".repeat(length));
        assertThat(Trees.bytes(tree)).isEqualTo(StoredJson.MAPPER.writeValueAsBytes(tree));
    }
}
