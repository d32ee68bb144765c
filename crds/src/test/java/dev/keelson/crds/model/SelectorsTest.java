package dev.keelson.crds.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SelectorsTest {
    private static final Map<String, String> WEB = Map.of("app", "web", "tier", "front");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web|true",
                "app==web|true",
                "app = web , tier=front|true",
                "app=db|false",
                "app!=db|true",
                "missing!=x|true",
                "app in (db, web)|true",
                "app in (db),tier|false",
                "app notin (db,web)|false",
                "missing notin (x)|true",
                "tier|true",
                "!tier|false",
                "!missing|true",
                "''|true"
            })
    void textSelectorsMatchAsKubectlWritesThem(String selector, boolean matches) {
        assertThat(Selectors.parse(selector).test(WEB)).isEqualTo(matches);
    }

    @Test
    void unreadableRequirementIsNamed() {
        assertThatThrownBy(() -> Selectors.parse("app=web,tier maybe (a)"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tier maybe (a)");
    }
}
