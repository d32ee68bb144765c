package dev.keelson.node.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {

    /** The examples of Kubernetes' own expansion rules. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain|plain",
                "$(A)|one",
                "$(A)$(B)|onetwo",
                "x-$(A)-y|x-one-y",
                "$(UNKNOWN)|$(UNKNOWN)",
                "$$(A)|$(A)",
                "$$$(A)|$one",
                "$$$$(A)|$$(A)",
                "$A|$A",
                "$(A|$(A",
                "$|$",
                "a$|a$",
                "$()|$()",
                "$(A) $(|one $(",
                "$(EMPTY)|''",
            })
    void expands(String text, String expected) {
        assertThat(Expansion.expand(text, Map.of("A", "one", "B", "two", "EMPTY", "")))
                .isEqualTo(expected);
    }
}
