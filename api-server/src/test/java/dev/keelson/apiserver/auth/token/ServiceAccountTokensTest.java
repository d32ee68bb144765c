package dev.keelson.apiserver.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.auth.CachedWorld;
import dev.keelson.apiserver.auth.token.TokenClaims.Bound;
import dev.keelson.apiserver.storage.ObjectKey;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTokensTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final String ISSUER = "https://issuer";

    @TempDir
    Path directory;

    private final CachedWorld world = new CachedWorld();
    private ObjectKey account;
    private ObjectKey pod;

    @BeforeEach
    void fill() {
        account = world.put("serviceaccounts", "shop", "web", "sa-1", "");
        pod = world.put("pods", "shop", "web-0", "pod-1", "'spec':{'nodeName':'n1'}");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aTokenNamesItsAccountAndWhatItIsBoundTo(String algorithm) {
        ServiceAccountTokens tokens = tokens(keys("one", algorithm), Duration.ZERO);
        TokenVerdict verdict = tokens.authenticate(tokens.issue(claims()), List.of(ISSUER));
        assertThat(verdict).isInstanceOfSatisfying(TokenVerdict.Accepted.class, accepted -> {
            assertThat(accepted.audiences()).containsExactly(ISSUER);
            assertThat(accepted.user().name()).isEqualTo("system:serviceaccount:shop:web");
            assertThat(accepted.user().uid()).isEqualTo("sa-1");
            assertThat(accepted.user().groups())
                    .containsExactly("system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated");
            assertThat(accepted.user().extra())
                    .containsEntry("authentication.kubernetes.io/pod-name", List.of("web-0"))
                    .containsEntry("authentication.kubernetes.io/pod-uid", List.of("pod-1"))
                    .containsEntry("authentication.kubernetes.io/node-name", List.of("n1"))
                    .containsEntry("authentication.kubernetes.io/credential-id", List.of("JTI=t-1"));
        });
    }

    @Test
    void aTokenEndsWithItsPodAndWithItsAccount() {
        ServiceAccountTokens tokens = tokens(keys("one", "EC"), Duration.ZERO);
        String token = tokens.issue(claims());
        assertThat(tokens.authenticate(token, List.of(ISSUER))).isInstanceOf(TokenVerdict.Accepted.class);
        world.delete(pod);
        assertThat(refusal(tokens, token)).isEqualTo("pod shop/web-0 is gone");
        world.put("pods", "shop", "web-0", "pod-2", "");
        assertThat(refusal(tokens, token)).isEqualTo("pod shop/web-0 is gone");
        world.delete(account);
        assertThat(refusal(tokens, token)).isEqualTo("service account shop/web is gone");
    }

    @Test
    void aTokenExpiresAndIsForItsAudienceOnly() {
        TokenKeys keys = keys("one", "EC");
        String token = tokens(keys, Duration.ZERO).issue(claims());
        assertThat(refusal(tokens(keys, Duration.ofHours(1)), token)).contains("expired at 2026-01-02T04:04:05Z");
        assertThat(refusal(tokens(keys, Duration.ofHours(-1)), token)).contains("not valid before");
        assertThat(tokens(keys, Duration.ZERO).authenticate(token, List.of("vault")))
                .isInstanceOf(TokenVerdict.Refused.class);
    }

    @Test
    void aTokenThatSomebodyElseSignedOrChangedIsRefused() {
        ServiceAccountTokens tokens = tokens(keys("one", "EC"), Duration.ZERO);
        String foreign = tokens(keys("two", "EC"), Duration.ZERO).issue(claims());
        assertThat(refusal(tokens, foreign)).contains("signature");
        String[] parts = tokens.issue(claims()).split("\\.");
        String admin = new String(Base64.getUrlDecoder().decode(parts[1])).replace("web", "god");
        String forged = parts[0] + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(admin.getBytes()) + "."
                + parts[2];
        assertThat(refusal(tokens, forged)).contains("signature");
        String none = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes());
        assertThat(refusal(tokens, none + "." + parts[1] + ".")).contains("signature");
        assertThat(tokens.authenticate("abcdef.0123456789abcdef", List.of(ISSUER)))
                .isInstanceOf(TokenVerdict.Unknown.class);
    }

    private static String refusal(ServiceAccountTokens tokens, String token) {
        return tokens.authenticate(token, List.of(ISSUER)) instanceof TokenVerdict.Refused(String why) ? why : "";
    }

    private ServiceAccountTokens tokens(TokenKeys keys, Duration later) {
        return new ServiceAccountTokens(keys, ISSUER, world.cache(), Clock.fixed(NOW.plus(later), ZoneOffset.UTC));
    }

    private static TokenClaims claims() {
        return new TokenClaims(
                ISSUER,
                List.of(ISSUER),
                NOW,
                NOW.plus(Duration.ofHours(1)),
                "t-1",
                "shop",
                new Bound("web", "sa-1"),
                Optional.of(new Bound("web-0", "pod-1")),
                Optional.empty(),
                Optional.of(new Bound("n1", "node-1")));
    }

    private TokenKeys keys(String name, String algorithm) {
        return GeneratedKeys.in(directory, name, algorithm);
    }
}
