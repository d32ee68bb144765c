package dev.keelson.apiserver.auth.token;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import java.util.Optional;

/**
 * How others verify this cluster's tokens without asking it each time (Kubernetes: "Service account issuer discovery").
 */
public final class OpenIdHandler implements PathHandler {
    private static final String KEYS = "/openid/v1/jwks";

    private final TokenKeys keys;
    private final String issuer;
    private final String address;

    /** @param address host and port at which the keys are found */
    public OpenIdHandler(TokenKeys keys, String issuer, String address) {
        this.keys = keys;
        this.issuer = issuer;
        this.address = address;
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        Optional<Reply> document =
                switch (request.path()) {
                    case "/.well-known/openid-configuration" -> Optional.of(Reply.json(200, configuration()));
                    case KEYS ->
                        Optional.of(Reply.json(200, keys.keySet()).withContentType("application/jwk-set+json"));
                    default -> Optional.empty();
                };
        return document.map(reply -> reply.withHeader("Cache-Control", "public, max-age=3600"));
    }

    private ObjectNode configuration() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("issuer", issuer).put("jwks_uri", "https://" + address + KEYS);
        document.putArray("response_types_supported").add("id_token");
        document.putArray("subject_types_supported").add("public");
        document.putArray("id_token_signing_alg_values_supported").add(keys.algorithm());
        return document;
    }
}
