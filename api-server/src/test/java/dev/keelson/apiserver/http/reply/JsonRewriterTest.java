package dev.keelson.apiserver.http.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonRewriterTest {
    private static final String TEXT =
            "{\"ä\\\"\\n\":[1.50,-2.0,123456789012345678901234567890,true,null,\"\\u20ac\",{},[]],\"z\":{\"y\":\"x\"}}";

    /** Whatever the network does with a text, a number or a letter is not cut. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void saysTheSameWhereverThePiecesEnd(int length) throws IOException {
        byte[] json = TEXT.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonRewriter rewriter = new JsonRewriter(new JsonFactory().createGenerator(out), "\n")) {
            for (int from = 0; from < json.length; from += length) {
                rewriter.write(json, from, Math.min(length, json.length - from));
            }
        }
        String expected = TEXT.replace("\\u20ac", "€");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(expected + "\n");
    }

    @Test
    void halfADocumentIsAnError() {
        assertThatThrownBy(() -> {
                    try (JsonRewriter rewriter =
                            new JsonRewriter(new JsonFactory().createGenerator(new ByteArrayOutputStream()), "")) {
                        rewriter.write("{\"a\":[1,".getBytes(StandardCharsets.UTF_8));
                    }
                })
                .isInstanceOf(JsonProcessingException.class);
    }
}
