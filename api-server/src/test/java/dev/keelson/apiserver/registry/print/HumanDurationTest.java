package dev.keelson.apiserver.registry.print;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanDurationTest {
    @ParameterizedTest
    @CsvSource({
        "PT-5S,<invalid>",
        "PT-1S,0s",
        "PT0S,0s",
        "PT119S,119s",
        "PT120S,2m",
        "PT125S,2m5s",
        "PT10M,10m",
        "PT179M,179m",
        "PT3H,3h",
        "PT3H5M,3h5m",
        "PT8H59M,8h",
        "PT47H,47h",
        "PT48H,2d",
        "PT49H,2d1h",
        "P8D,8d",
        "P729D,729d",
        "P730D,2y",
        "P731D,2y1d",
        "P2920D,8y",
        "P4000D,10y"
    })
    void twoFiguresAtMost(Duration duration, String text) {
        assertThat(HumanDuration.of(duration)).isEqualTo(text);
    }
}
