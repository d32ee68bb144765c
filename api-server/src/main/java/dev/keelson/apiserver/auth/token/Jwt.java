package dev.keelson.apiserver.auth.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.store.Trees;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** JSON Web Tokens in compact form (RFC 7515), signed and verified with {@link TokenKeys}. */
final class Jwt {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    /** Longer than any token of ours; more is not worth parsing. */
    private static final int LONGEST = 16 * 1024;

    private Jwt() {}

    /** What stands in a token, whoever signed it. */
    record Parsed(JsonNode header, JsonNode claims, byte[] signed, byte[] signature) {
        boolean signedBy(TokenKeys keys) {
            return keys.verify(header.path("kid").asText(""), header.path("alg").asText(""), signed, signature);
        }
    }

    static String sign(ObjectNode claims, TokenKeys keys) {
        ObjectNode header = JsonNodeFactory.instance
                .objectNode()
                .put("alg", keys.algorithm())
                .put("kid", keys.signingId());
        String content = encoded(header) + "." + encoded(claims);
        return content + "." + ENCODER.encodeToString(keys.sign(content.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Empty when the text is no token of this form. */
    static Optional<Parsed> parse(String token) {
        String[] parts = token.length() > LONGEST ? new String[0] : token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            Base64.Decoder decoder = Base64.getUrlDecoder();
            return Optional.of(new Parsed(
                    Trees.parse(decoder.decode(parts[0])),
                    Trees.parse(decoder.decode(parts[1])),
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.UTF_8),
                    decoder.decode(parts[2])));
        } catch (RuntimeException malformed) {
            return Optional.empty();
        }
    }

    private static String encoded(ObjectNode json) {
        return ENCODER.encodeToString(Trees.bytes(json));
    }
}
