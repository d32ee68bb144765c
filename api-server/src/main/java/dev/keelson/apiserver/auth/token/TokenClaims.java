package dev.keelson.apiserver.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a service account's token says (RFC 7519, with Kubernetes' private claims under {@code kubernetes.io}).
 *
 * @param id {@code jti}, unique for each token
 * @param pod what the token dies with, as {@code secret} and, when it is bound to nothing else, {@code node}
 */
public record TokenClaims(
        String issuer,
        List<String> audiences,
        Instant issuedAt,
        Instant expiresAt,
        String id,
        String namespace,
        Bound account,
        Optional<Bound> pod,
        Optional<Bound> secret,
        Optional<Bound> node) {
    private static final String PRIVATE = "kubernetes.io";

    /** An object that a token names; its uid tells it from a later one of the same name. */
    public record Bound(String name, String uid) {}

    public TokenClaims {
        audiences = List.copyOf(audiences);
    }

    public String subject() {
        return User.accountName(namespace, account.name());
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        audiences.forEach(json.putArray("aud")::add);
        json.put("exp", expiresAt.getEpochSecond()).put("iat", issuedAt.getEpochSecond());
        json.put("iss", issuer).put("jti", id);
        ObjectNode own = json.putObject(PRIVATE).put("namespace", namespace);
        node.ifPresent(bound -> put(own, "node", bound));
        pod.ifPresent(bound -> put(own, "pod", bound));
        secret.ifPresent(bound -> put(own, "secret", bound));
        put(own, "serviceaccount", account);
        return json.put("nbf", issuedAt.getEpochSecond()).put("sub", subject());
    }

    /** Empty when the claims are not those of a service account. */
    static Optional<TokenClaims> fromJson(JsonNode json) {
        JsonNode own = json.path(PRIVATE);
        Optional<Bound> account = bound(own.path("serviceaccount"));
        if (account.isEmpty() || !json.path("exp").canConvertToLong()) {
            return Optional.empty();
        }
        List<String> audiences = new ArrayList<>();
        if (json.path("aud").isTextual()) {
            audiences.add(json.path("aud").asText());
        }
        json.path("aud").forEach(each -> audiences.add(each.asText()));
        return Optional.of(new TokenClaims(
                json.path("iss").asText(""),
                audiences,
                Instant.ofEpochSecond(json.path("nbf").asLong()),
                Instant.ofEpochSecond(json.path("exp").asLong()),
                json.path("jti").asText(""),
                own.path("namespace").asText(""),
                account.get(),
                bound(own.path("pod")),
                bound(own.path("secret")),
                bound(own.path("node"))));
    }

    private static Optional<Bound> bound(JsonNode json) {
        return json.isObject()
                ? Optional.of(
                        new Bound(json.path("name").asText(""), json.path("uid").asText("")))
                : Optional.empty();
    }

    private static void put(ObjectNode parent, String field, Bound bound) {
        parent.putObject(field).put("name", bound.name()).put("uid", bound.uid());
    }
}
