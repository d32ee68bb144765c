package dev.keelson.apiserver.http.past;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.storage.Revision;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    @Test
    void numberIsARevision() {
        assertThat(Moment.parse("4711", NOW)).isEqualTo(new Moment.AtRevision(new Revision(4711)));
    }

    @ParameterizedTest
    @CsvSource({
        "30s, 2026-03-10T11:59:30Z",
        "10m, 2026-03-10T11:50:00Z",
        "2h, 2026-03-10T10:00:00Z",
        "1d, 2026-03-09T12:00:00Z",
        "2026-03-01T13:00:00+01:00, 2026-03-01T12:00:00Z"
    })
    void timesAreReadAndAgesCountBack(String text, Instant expected) {
        assertThat(Moment.parse(text, NOW)).isEqualTo(new Moment.AtTime(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "-5m", "2026-03-01", "10w", "99999999999999999999"})
    void anythingElseIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> Moment.parse(text, NOW)).hasMessageContaining("\"" + text + "\" is no moment");
    }
}
