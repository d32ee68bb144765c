package dev.keelson.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.node.log.LogOptions;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QueriesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    /** @param query {@code name=value} with ampersands between */
    private static LogOptions logOptions(String query) {
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            parameters.add(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return new Queries(parameters).logOptions(NOW);
    }

    @Test
    void everyLogOptionIsRead() {
        assertThat(logOptions("follow=true&tailLines=7&sinceSeconds=60&timestamps=1&limitBytes=9&stream=Stderr"))
                .isEqualTo(new LogOptions(
                        true,
                        OptionalLong.of(7),
                        Optional.of(Instant.parse("2026-01-02T03:03:05Z")),
                        true,
                        OptionalLong.of(9),
                        "stderr"));
        assertThat(logOptions("sinceTime=2026-01-02T04:00:00%2B01:00".replace("%2B", "+"))
                        .since())
                .contains(Instant.parse("2026-01-02T03:00:00Z"));
        assertThat(logOptions("container=app")).isEqualTo(LogOptions.ALL);
    }

    @Test
    void whatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> logOptions("tailLines=many")).hasMessageContaining("tailLines=many must be a whole");
        assertThatThrownBy(() -> logOptions("limitBytes=-1")).hasMessageContaining("must not be negative");
        assertThatThrownBy(() -> logOptions("sinceTime=yesterday")).hasMessageContaining("sinceTime=yesterday must be");
    }
}
