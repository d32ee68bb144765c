package dev.keelson.apiserver.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AliveServersTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final ServerAddress ONE = new ServerAddress("10.0.0.1", 6443);
    private static final ServerAddress TWO = new ServerAddress("10.0.0.2", 6443);

    private final AliveServers servers = new AliveServers(Duration.ofSeconds(15));

    @Test
    void leaseThatStopsChangingCountsForItsDuration() {
        servers.observe(Map.of(ONE, "1", TWO, "2"), START);
        servers.observe(Map.of(ONE, "3", TWO, "2"), START.plusSeconds(10));

        assertThat(servers.observe(Map.of(ONE, "4", TWO, "2"), START.plusSeconds(14)))
                .containsExactly(ONE, TWO);
        assertThat(servers.observe(Map.of(ONE, "4", TWO, "2"), START.plusSeconds(15)))
                .containsExactly(ONE);
    }

    @Test
    void serverThatComesBackCountsAtOnce() {
        servers.observe(Map.of(ONE, "1"), START);
        servers.observe(Map.of(ONE, "1"), START.plusSeconds(20));

        assertThat(servers.observe(Map.of(ONE, "2"), START.plusSeconds(21))).containsExactly(ONE);
    }

    @Test
    void leaseThatIsGoneIsForgotten() {
        servers.observe(Map.of(ONE, "1", TWO, "2"), START);

        assertThat(servers.observe(Map.of(ONE, "3"), START.plusSeconds(1))).containsExactly(ONE);
    }
}
