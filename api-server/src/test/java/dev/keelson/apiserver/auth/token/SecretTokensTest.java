package dev.keelson.apiserver.auth.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.CachedWorld;
import dev.keelson.apiserver.storage.ObjectKey;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTokensTest {
    private static final String AUDIENCE = "https://issuer";
    private static final String PRIVATE = "kubernetes.io/serviceaccount/";

    @TempDir
    Path directory;

    private final CachedWorld world = new CachedWorld();
    private TokenKeys keys;
    private SecretTokens tokens;
    private ObjectKey account;
    private String token;

    @BeforeEach
    void fill() {
        keys = GeneratedKeys.in(directory, "one", "EC");
        tokens = new SecretTokens(keys, AUDIENCE, world.cache());
        account = world.put("serviceaccounts", "shop", "web", "sa-1", "");
        token = Jwt.sign(claims(), keys);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aTokenThatItsSecretHoldsNamesTheAccount() {
        hold(token, "");
        assertThat(tokens.authenticate(token, List.of(AUDIENCE, "vault")))
                .isInstanceOfSatisfying(TokenVerdict.Accepted.class, accepted -> {
                    assertThat(accepted.audiences()).containsExactly(AUDIENCE);
                    assertThat(accepted.user().name()).isEqualTo("system:serviceaccount:shop:web");
                    assertThat(accepted.user().uid()).isEqualTo("sa-1");
                    assertThat(accepted.user().groups())
                            .containsExactly(
                                    "system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated");
                    assertThat(accepted.user().extra()).isEmpty();
                });
        assertThat(tokens.authenticate(token, List.of("vault"))).isInstanceOf(TokenVerdict.Refused.class);
    }

    @Test
    void itEndsWithItsSecret() {
        assertThat(refusal(token)).isEqualTo("secret shop/web-token is gone");
        ObjectKey secret = hold(token, "");
        assertAccepted(token);
        world.delete(secret);
        assertThat(refusal(token)).isEqualTo("secret shop/web-token is gone");
        secret = hold(Jwt.sign(claims(), keys) + "x", "");
        assertThat(refusal(token)).isEqualTo("secret shop/web-token holds another token");
        world.delete(secret);
        world.put("secrets", "shop", "web-token", "s-3", "'data':{}");
        assertThat(refusal(token)).isEqualTo("secret shop/web-token holds another token");
    }

    @Test
    void whatIsBeingDeletedIsGone() {
        hold(token, ",'deletionTimestamp':'2026-01-02T03:04:05Z'");
        assertThat(refusal(token)).isEqualTo("secret shop/web-token is gone");
    }

    @Test
    void itEndsWithItsAccount() {
        hold(token, "");
        world.delete(account);
        assertThat(refusal(token)).isEqualTo("service account shop/web is gone");
        world.put("serviceaccounts", "shop", "web", "sa-2", "");
        assertThat(refusal(token)).isEqualTo("service account shop/web is gone");
    }

    @Test
    void itCanBeMarkedInvalid() {
        hold(token, ",'labels':{'kubernetes.io/legacy-token-invalid-since':'2026-01-02'}");
        assertThat(refusal(token)).contains("legacy-token-invalid-since");
    }

    @Test
    void itsClaimsAreWholeAndItsSignatureOfThisCluster() {
        for (String needed : List.of("namespace", "secret.name", "service-account.name", "service-account.uid")) {
            ObjectNode claims = claims();
            claims.remove(PRIVATE + needed);
            assertThat(refusal(Jwt.sign(claims, keys))).isEqualTo("it names no service account");
        }
        assertThat(refusal(Jwt.sign(claims().put("sub", "system:serviceaccount:shop:god"), keys)))
                .isEqualTo("it names no service account");
        assertThat(refusal(Jwt.sign(claims(), GeneratedKeys.in(directory, "two", "EC"))))
                .contains("signature");
        assertThat(tokens.authenticate(Jwt.sign(claims().put("iss", AUDIENCE), keys), List.of(AUDIENCE)))
                .isInstanceOf(TokenVerdict.Unknown.class);
    }

    private ObjectKey hold(String text, String metadata) {
        String data = Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
        return world.put("secrets", "shop", "web-token", "s-1", "'data':{'token':'%s'}".formatted(data), metadata);
    }

    private void assertAccepted(String shown) {
        assertThat(tokens.authenticate(shown, List.of(AUDIENCE))).isInstanceOf(TokenVerdict.Accepted.class);
    }

    private String refusal(String shown) {
        return tokens.authenticate(shown, List.of(AUDIENCE)) instanceof TokenVerdict.Refused(String why) ? why : "";
    }

    private static ObjectNode claims() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("iss", "kubernetes/serviceaccount")
                .put(PRIVATE + "namespace", "shop")
                .put(PRIVATE + "secret.name", "web-token")
                .put(PRIVATE + "service-account.name", "web")
                .put(PRIVATE + "service-account.uid", "sa-1")
                .put("sub", "system:serviceaccount:shop:web");
    }
}
