package dev.keelson.apiserver.auth.token;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a client offers in {@code Sec-WebSocket-Protocol}, apart from the token that it may send among the subprotocols: scripts
 * in browsers cannot give a WebSocket other headers (Kubernetes' websocket authenticator).
 *
 * @param token what it says; {@link #NOBODYS} when it is not sent as it must be
 * @param others the subprotocols themselves
 */
public record WebSocketToken(Optional<String> token, List<String> others) {
    private static final String PREFIX = "base64url.bearer.authorization.k8s.io.";
    /** No token of anybody. */
    private static final String NOBODYS = "";

    /** @param headers each with subprotocols between commas */
    public static WebSocketToken in(List<String> headers) {
        List<String> tokens = new ArrayList<>();
        List<String> others = new ArrayList<>();
        headers.stream()
                .flatMap(header -> Stream.of(header.split(",")))
                .map(String::strip)
                .forEach(offered -> (offered.startsWith(PREFIX) ? tokens : others).add(offered));
        if (tokens.isEmpty()) {
            return new WebSocketToken(Optional.empty(), others);
        }
        // One of the others must be left for the server to choose.
        boolean fit = tokens.size() == 1 && !others.isEmpty();
        return new WebSocketToken(
                Optional.of(fit ? decoded(tokens.getFirst().substring(PREFIX.length())) : NOBODYS), others);
    }

    private static String decoded(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return text.endsWith("=")
                    ? NOBODYS
                    : StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString();
        } catch (IllegalArgumentException | CharacterCodingException malformed) {
            return NOBODYS;
        }
    }
}
