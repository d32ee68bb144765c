package dev.keelson.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keelson.apiserver.auth.CertificateAuthenticator.Verdict;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose word counts when a client shows a certificate and a token. */
class AuthFiltersTest {
    private static final User ALICE = new User("alice", "", List.of(), Map.of());
    private static final User ROBOT = new User("robot", "", List.of(), Map.of());
    private static final Verdict GOOD = new Verdict.Known(ALICE, Instant.EPOCH);
    private static final Verdict BAD = new Verdict.Refused("it expired");
    private static final Verdict NONE = new Verdict.Nobody();

    @Test
    void aGoodCertificateDecides() {
        assertThat(user(GOOD, Optional.empty())).isEqualTo(ALICE);
        assertThat(user(GOOD, Optional.of("robot's"))).isEqualTo(ALICE);
        assertThat(user(GOOD, Optional.of("nonsense"))).isEqualTo(ALICE);
    }

    @Test
    void aTokenDecidesBesideNoCertificateAndBesideABadOne() {
        assertThat(user(NONE, Optional.of("robot's"))).isEqualTo(ROBOT);
        assertThat(user(BAD, Optional.of("robot's"))).isEqualTo(ROBOT);
    }

    @Test
    void onlyWhoShowsNothingIsAnonymous() {
        assertThat(user(NONE, Optional.empty())).isEqualTo(User.ANONYMOUS);
        assertRefused(BAD, Optional.empty());
        assertRefused(NONE, Optional.of("nonsense"));
        assertRefused(BAD, Optional.of("nonsense"));
    }

    private static void assertRefused(Verdict certificate, Optional<String> token) {
        assertThatThrownBy(() -> user(certificate, token))
                .isInstanceOfSatisfying(
                        ApiFailure.class, failure -> assertThat(failure).hasMessage("Unauthorized"));
    }

    private static User user(Verdict certificate, Optional<String> token) {
        return AuthFilters.user(certificate, token, text -> {
            if (text.equals("robot's")) {
                return ROBOT;
            }
            throw ApiFailure.unauthorized();
        });
    }
}
