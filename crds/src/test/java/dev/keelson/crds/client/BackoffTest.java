package dev.keelson.crds.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @Test
    void serverThatStartsIsFoundWithinAFifthOfASecond() {
        for (Backoff backoff = Backoff.upTo(LONGEST); !backoff.worrying(); backoff = backoff.next()) {
            assertThat(backoff.pause()).isLessThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void serverThatStaysAwayIsAskedEverMoreRarelyButNeverForgotten() {
        Backoff backoff = Backoff.upTo(LONGEST);
        for (int attempt = 0; attempt < 100; attempt++) {
            Backoff next = backoff.next();
            assertThat(next.pause()).isBetween(backoff.pause(), LONGEST);
            backoff = next;
        }
        assertThat(backoff.pause()).isEqualTo(LONGEST);
        assertThat(backoff.worrying()).isTrue();
    }
}
