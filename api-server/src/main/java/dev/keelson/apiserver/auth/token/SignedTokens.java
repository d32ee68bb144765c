package dev.keelson.apiserver.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Reads tokens that a key of this cluster has signed for one issuer; a signature is verified once. */
final class SignedTokens<T> {
    /** Verified tokens that are remembered; beyond that all are forgotten and verified again. */
    private static final int REMEMBERED = 4096;

    private final TokenKeys keys;
    private final String issuer;
    private final Function<JsonNode, Optional<T>> reader;
    private final Map<String, T> verified = new ConcurrentHashMap<>();

    /** @param reader empty when the claims are not those of a service account */
    SignedTokens(TokenKeys keys, String issuer, Function<JsonNode, Optional<T>> reader) {
        this.keys = keys;
        this.issuer = issuer;
        this.reader = reader;
    }

    /** @param judge decides over the claims of a token with a good signature, each time anew */
    TokenVerdict judge(String token, Function<T, TokenVerdict> judge) {
        Optional<T> known = Optional.ofNullable(verified.get(token));
        if (known.isEmpty()) {
            Optional<Jwt.Parsed> parsed = Jwt.parse(token)
                    .filter(jwt -> jwt.claims().path("iss").asText("").equals(issuer));
            if (parsed.isEmpty()) {
                return new TokenVerdict.Unknown();
            }
            if (!parsed.get().signedBy(keys)) {
                return new TokenVerdict.Refused("its signature is not of a key of this cluster");
            }
            known = reader.apply(parsed.get().claims());
            known.ifPresent(claims -> remember(token, claims));
        }
        return known.map(judge).orElseGet(() -> new TokenVerdict.Refused("it names no service account"));
    }

    private void remember(String token, T claims) {
        if (verified.size() >= REMEMBERED) {
            verified.clear();
        }
        verified.put(token, claims);
    }
}
