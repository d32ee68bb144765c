package dev.keelson.apiserver.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {
    @ParameterizedTest
    @CsvSource({"'Bearer abc',abc", "'bearer abc',abc", "' BEARER a.b-c_d ',a.b-c_d", "'Bearer abc def',abc"})
    void theTokenStandsBehindTheScheme(String header, String token) {
        assertThat(BearerToken.in(header)).contains(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Bearer", "Bearer ", "Bearer   ", "Bearer  abc", "Basic YWJj", "Bearerabc", "abc"})
    void anEmptyTokenIsNone(String header) {
        assertThat(BearerToken.in(header)).isEmpty();
    }
}
