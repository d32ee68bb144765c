package dev.keelson.node.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.TokenRequest;
import dev.keelson.node.NodeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountTokensTest {
    private static final TokenRequest WANTED =
            new TokenRequest("shop", "web", "", Duration.ofHours(1), "web-0", "uid-0");

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private int issued;
    private boolean away;
    private final Clock clock = new Clock() {
        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };
    private final List<Duration> waits = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Runnable> later = new ArrayList<>();
    private final AccountTokens tokens = new AccountTokens(this::issue, clock, told::add, (wait, task) -> {
        waits.add(wait);
        later.add(task);
    });

    @Test
    void aTokenIsAskedForOnceUntilMostOfItsLifeIsOver() {
        assertThat(tokens.token(WANTED)).isEqualTo("token 1");
        String version = tokens.version("uid-0");
        now = now.plus(Duration.ofMinutes(47));
        assertThat(tokens.token(WANTED)).isEqualTo("token 1");
        assertThat(tokens.version("uid-0")).isEqualTo(version);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(tokens.version("uid-0")).isNotEqualTo(version);
        assertThat(tokens.token(WANTED)).isEqualTo("token 2");
    }

    @Test
    void anOldTokenServesWhileTheServerIsAwayAndItIsGood() {
        tokens.token(WANTED);
        away = true;
        now = now.plus(Duration.ofMinutes(55));
        assertThat(tokens.token(WANTED)).isEqualTo("token 1");
        now = now.plus(Duration.ofMinutes(6));
        assertThatThrownBy(() -> tokens.token(WANTED))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("cannot get a token of service account \"shop/web\"");
    }

    @Test
    void aPodIsToldAgainWhenTheServerWasAway() {
        tokens.token(WANTED);
        now = now.plus(Duration.ofMinutes(48));
        later.getFirst().run();
        away = true;
        tokens.token(WANTED);
        away = false;
        assertThat(waits).containsExactly(Duration.ofMinutes(48), Duration.ofMinutes(1));
        now = now.plus(Duration.ofMinutes(1));
        later.getLast().run();
        assertThat(told).containsExactly("uid-0", "uid-0");
        assertThat(tokens.token(WANTED)).isEqualTo("token 2");
    }

    @Test
    void noTokenIsUsedForMoreThanADay() {
        tokens.token(new TokenRequest("shop", "web", "", Duration.ofDays(7), "web-0", "uid-0"));
        assertThat(waits).containsExactly(Duration.ofDays(1));
    }

    @Test
    void aPodThatIsGoneLeavesNothing() {
        tokens.token(WANTED);
        tokens.release("uid-0");
        assertThat(tokens.version("uid-0")).isEmpty();
        assertThat(tokens.token(WANTED)).isEqualTo("token 2");
    }

    private TokenRequest.Issued issue(TokenRequest wanted) {
        if (away) {
            throw new ApiException(ApiException.Kind.TRANSIENT, 503, "away");
        }
        return new TokenRequest.Issued("token " + ++issued, now.plus(wanted.life()));
    }
}
