package dev.keelson.apiserver.http.verb;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.registry.ApiFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvictionHandlerTest {

    @Test
    void whereverADryRunIsAskedForTheSameIsAskedFor() {
        List<String> all = List.of("All");
        assertThatCode(() -> EvictionHandler.requireSameDryRun(all, all)).doesNotThrowAnyException();
        assertThatCode(() -> EvictionHandler.requireSameDryRun(List.of(), all)).doesNotThrowAnyException();
        assertThatCode(() -> EvictionHandler.requireSameDryRun(all, List.of())).doesNotThrowAnyException();
        assertThatThrownBy(() -> EvictionHandler.requireSameDryRun(all, List.of("All", "All")))
                .isInstanceOf(ApiFailure.class)
                .hasMessage("Non-matching dry-run options in request and content: [All] and [All All]");
    }
}
