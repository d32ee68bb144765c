package dev.keelson.apiserver.auth.token;

import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.auth.token.TokenClaims.Bound;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tokens of service accounts. A signature is verified once; that the account and the object a token is bound to are
 * still there is looked up in memory for every request, so a token ends with its pod.
 */
public final class ServiceAccountTokens implements TokenAuthenticator {
    private static final String EXTRA = "authentication.kubernetes.io/";

    private final TokenKeys keys;
    private final String issuer;
    private final WatchCache cache;
    private final Clock clock;
    private final SignedTokens<TokenClaims> tokens;

    /** @param issuer the {@code iss} of all tokens, and the audience of those that name no other */
    public ServiceAccountTokens(TokenKeys keys, String issuer, WatchCache cache, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.cache = cache;
        this.clock = clock;
        this.tokens = new SignedTokens<>(keys, issuer, TokenClaims::fromJson);
    }

    public String issuer() {
        return issuer;
    }

    /** Signs the claims; the caller has checked that the objects exist. */
    public String issue(TokenClaims claims) {
        return Jwt.sign(claims.toJson(), keys);
    }

    @Override
    public TokenVerdict authenticate(String token, List<String> audiences) {
        return tokens.judge(token, claims -> judge(claims, audiences));
    }

    private TokenVerdict judge(TokenClaims claims, List<String> audiences) {
        Instant now = clock.instant();
        if (!now.isBefore(claims.expiresAt())) {
            return new TokenVerdict.Refused("it expired at " + claims.expiresAt());
        }
        if (now.isBefore(claims.issuedAt().minusSeconds(60))) {
            return new TokenVerdict.Refused("it is not valid before " + claims.issuedAt());
        }
        List<String> meant =
                claims.audiences().stream().filter(audiences::contains).toList();
        if (meant.isEmpty()) {
            return new TokenVerdict.Refused("it is for %s, not for %s".formatted(claims.audiences(), audiences));
        }
        return missing(claims)
                .<TokenVerdict>map(TokenVerdict.Refused::new)
                .orElseGet(() -> new TokenVerdict.Accepted(user(claims), meant));
    }

    /** Which object of the token is gone, if one is. */
    private Optional<String> missing(TokenClaims claims) {
        String namespace = claims.namespace();
        if (!exists("serviceaccounts", namespace, claims.account())) {
            return Optional.of("service account %s/%s is gone"
                    .formatted(namespace, claims.account().name()));
        }
        if (!claims.pod().map(pod -> exists("pods", namespace, pod)).orElse(true)) {
            return Optional.of(
                    "pod %s/%s is gone".formatted(namespace, claims.pod().get().name()));
        }
        if (!claims.secret().map(each -> exists("secrets", namespace, each)).orElse(true)) {
            return Optional.of("secret %s/%s is gone"
                    .formatted(namespace, claims.secret().get().name()));
        }
        // With a pod, the node is information; the pod may outlive the Node object.
        boolean boundToNode = claims.pod().isEmpty() && claims.node().isPresent();
        if (boundToNode && !exists("nodes", "", claims.node().get())) {
            return Optional.of("node " + claims.node().get().name() + " is gone");
        }
        return Optional.empty();
    }

    private boolean exists(String plural, String namespace, Bound bound) {
        return cache.get(new ObjectKey("", plural, namespace, bound.name()))
                .map(CachedObject::uid)
                .filter(bound.uid()::equals)
                .isPresent();
    }

    private static User user(TokenClaims claims) {
        Map<String, List<String>> extra = new TreeMap<>();
        extra.put(EXTRA + "credential-id", List.of("JTI=" + claims.id()));
        claims.pod().ifPresent(pod -> put(extra, "pod", pod));
        claims.node().ifPresent(node -> put(extra, "node", node));
        return new User(claims.subject(), claims.account().uid(), User.accountGroups(claims.namespace()), extra);
    }

    private static void put(Map<String, List<String>> extra, String kind, Bound bound) {
        extra.put(EXTRA + kind + "-name", List.of(bound.name()));
        if (!bound.uid().isEmpty()) {
            extra.put(EXTRA + kind + "-uid", List.of(bound.uid()));
        }
    }
}
