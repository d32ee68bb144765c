package dev.keelson.apiserver.stream;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.http.request.QueryParameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogOptionRulesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "tailLines=-1 | PodLogOptions \"web\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0",
                "limitBytes=0 | PodLogOptions \"web\" is invalid: limitBytes: Invalid value: 0: must be greater than 0",
                "sinceSeconds=0 | PodLogOptions \"web\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0",
                "sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z | PodLogOptions \"web\" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
                "tailLines=-1&limitBytes=-2 | PodLogOptions \"web\" is invalid: [tailLines: Invalid value: -1: must be greater than or equal to 0, limitBytes: Invalid value: -2: must be greater than 0]",
                "tailLines=many | strconv.ParseInt: parsing \"many\": invalid syntax"
            })
    void whatNoLogHasIsRefused(String query, String why) {
        assertThatThrownBy(() -> LogOptionRules.check("web", QueryParameters.parse(query)))
                .hasMessage(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "tailLines=0&limitBytes=1&sinceSeconds=1&follow=true", "sinceTime=2026-01-01T00:00:00Z"})
    void whatALogMayHaveIsNot(String query) {
        assertThatCode(() -> LogOptionRules.check("web", QueryParameters.parse(query)))
                .doesNotThrowAnyException();
    }
}
