package dev.keelson.apiserver.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tokens that Secrets of type {@code kubernetes.io/service-account-token} hold (Kubernetes' legacy tokens). They never expire;
 * they end when their Secret or account is deleted, or the Secret holds another. They are for this server alone.
 */
public final class SecretTokens implements TokenAuthenticator {
    private static final String ISSUER = "kubernetes/serviceaccount";
    private static final String PRIVATE = "kubernetes.io/serviceaccount/";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    private final SignedTokens<Claims> tokens;
    private final String audience;
    private final WatchCache cache;

    private record Claims(String namespace, String account, String accountUid, String secret) {

        /** Each is needed, and the subject is that of the account. */
        static Optional<Claims> fromJson(JsonNode json) {
            Claims claims = new Claims(
                    own(json, "namespace"),
                    own(json, "service-account.name"),
                    own(json, "service-account.uid"),
                    own(json, "secret.name"));
            boolean whole = Stream.of(claims.namespace, claims.account, claims.accountUid, claims.secret)
                    .noneMatch(String::isEmpty);
            String subject = User.accountName(claims.namespace, claims.account);
            return whole && json.path("sub").asText("").equals(subject) ? Optional.of(claims) : Optional.empty();
        }

        private static String own(JsonNode json, String name) {
            return json.path(PRIVATE + name).asText("");
        }
    }

    /** @param audience that of this server */
    public SecretTokens(TokenKeys keys, String audience, WatchCache cache) {
        this.tokens = new SignedTokens<>(keys, ISSUER, Claims::fromJson);
        this.audience = audience;
        this.cache = cache;
    }

    @Override
    public TokenVerdict authenticate(String token, List<String> audiences) {
        return tokens.judge(token, claims -> {
            if (!audiences.contains(audience)) {
                return new TokenVerdict.Refused("it is for %s, not for %s".formatted(audience, audiences));
            }
            return problem(token, claims)
                    .<TokenVerdict>map(TokenVerdict.Refused::new)
                    .orElseGet(() -> new TokenVerdict.Accepted(user(claims), List.of(audience)));
        });
    }

    private static User user(Claims claims) {
        return new User(
                User.accountName(claims.namespace(), claims.account()),
                claims.accountUid(),
                User.accountGroups(claims.namespace()),
                Map.of());
    }

    private Optional<String> problem(String token, Claims claims) {
        Optional<JsonNode> secret = live("secrets", claims.namespace(), claims.secret());
        if (secret.isEmpty()) {
            return Optional.of("secret %s/%s is gone".formatted(claims.namespace(), claims.secret()));
        }
        byte[] held = token.getBytes(StandardCharsets.UTF_8);
        if (!secret.get()
                .path("data")
                .path("token")
                .asText("")
                .equals(Base64.getEncoder().encodeToString(held))) {
            return Optional.of("secret %s/%s holds another token".formatted(claims.namespace(), claims.secret()));
        }
        if (!secret.get().at("/metadata/labels").path(INVALID_SINCE).asText("").isEmpty()) {
            return Optional.of(
                    "secret %s/%s has the label %s".formatted(claims.namespace(), claims.secret(), INVALID_SINCE));
        }
        boolean account = live("serviceaccounts", claims.namespace(), claims.account())
                .filter(found -> found.at("/metadata/uid").asText("").equals(claims.accountUid()))
                .isPresent();
        return account
                ? Optional.empty()
                : Optional.of("service account %s/%s is gone".formatted(claims.namespace(), claims.account()));
    }

    /** An object that is being deleted counts as gone. */
    private Optional<JsonNode> live(String plural, String namespace, String name) {
        return cache.get(new ObjectKey("", plural, namespace, name))
                .map(CachedObject::tree)
                .<JsonNode>map(tree -> tree)
                .filter(tree -> !tree.path("metadata").has("deletionTimestamp"));
    }
}
