package dev.keelson.apiserver.http.reply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartialBytesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"kind\":\"A\",\"metadata\":{\"name\":\"a\"},\"spec\":{}} | {\"name\":\"a\"}",
                "{\"metadata\":{},\"kind\":\"A\"} | {}",
                "{\"spec\":{\"metadata\":{\"name\":\"of a template\"}},\"metadata\":{\"name\":\"a\"}} | {\"name\":\"a\"}",
                "{\"metadata\": { \"labels\" : {\"metadata\":\"}\"} } } | { \"labels\" : {\"metadata\":\"}\"} }",
                "{\"metadata\":{\"name\":\"ü\",\"x\":\"\\\"}\"},\"z\":1} | {\"name\":\"ü\",\"x\":\"\\\"}\"}",
                "{\"kind\":\"A\"} | {}",
                "{\"metadata\":null} | {}"
            })
    void metadataStaysAsItIsWritten(String object, String metadata) {
        byte[] partial = PartialBytes.of(object.getBytes(UTF_8), "meta.k8s.io/v1");

        assertThat(new String(partial, UTF_8))
                .isEqualTo(
                        "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":%s}",
                        metadata);
    }
}
