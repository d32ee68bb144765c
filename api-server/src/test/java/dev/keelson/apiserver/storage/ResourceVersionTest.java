package dev.keelson.apiserver.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceVersionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{\"metadata\":{\"name\":\"a\"}}|{\"metadata\":{\"resourceVersion\":\"7\",\"name\":\"a\"}}",
                "{\"metadata\":{}}|{\"metadata\":{\"resourceVersion\":\"7\"}}",
                "{\"metadata\" : { } }|{\"metadata\" : {\"resourceVersion\":\"7\" } }",
                "{\"spec\":{\"metadata\":{\"x\":1}},\"metadata\":{\"n\":1}}"
                        + "|{\"spec\":{\"metadata\":{\"x\":1}},\"metadata\":{\"resourceVersion\":\"7\",\"n\":1}}",
                "{\"a\":\"\\\"metadata\\\":{\",\"b\":[\"metadata\",{\"metadata\":{}}],\"metadata\":{\"n\":1}}"
                        + "|{\"a\":\"\\\"metadata\\\":{\",\"b\":[\"metadata\",{\"metadata\":{}}],"
                        + "\"metadata\":{\"resourceVersion\":\"7\",\"n\":1}}"
            })
    void versionBecomesTheFirstFieldOfTheTopLevelMetadata(String stored, String sent) {
        byte[] spliced = ResourceVersion.splice(stored.getBytes(UTF_8), new Revision(7));

        assertThat(new String(spliced, UTF_8)).isEqualTo(sent);
        assertThat(ResourceVersion.remove(spliced, new Revision(7))).isEqualTo(stored.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "null",
                "{\"metadata\":1}",
                "{\"a\":{\"metadata\":{}}}",
                "{\"metadata",
                "{\"a\\"
            })
    void bytesWithoutTopLevelMetadataHaveNoPlaceForIt(String json) {
        assertThat(ResourceVersion.insertionPoint(json.getBytes(UTF_8))).isNegative();
    }
}
