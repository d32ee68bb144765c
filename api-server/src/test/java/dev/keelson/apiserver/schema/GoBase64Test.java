package dev.keelson.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoBase64Test {
    @ParameterizedTest
    @ValueSource(strings = {"", "YQ==", "YWI=", "YWJj", "YWJjZA==", "+/9z", "Y\nQ=\r\n=\n", "\n"})
    void filledGroupsAreBase64(String text) {
        assertThat(GoBase64.firstWrong(text)).isEmpty();
    }

    /** The places are those that Go's encoding/base64 names for these texts. */
    @ParameterizedTest
    @CsvSource({
        "Y, 0",
        "YQ, 0",
        "YWI, 0",
        "YWJjZA, 4",
        "YQ=, 3",
        "YQ=x, 2",
        "Y=, 1",
        "=, 0",
        "YWJj=, 4",
        "YWI=x, 4",
        "YQ==YQ==, 4",
        "YW-_, 2",
        "'YW J', 2",
        "é, 0"
    })
    void anythingElseIsWrongWhereGoSaysSo(String text, int where) {
        assertThat(GoBase64.firstWrong(text)).hasValue(where);
    }
}
