package dev.keelson.apiserver.auth.token;

import java.util.Optional;

/** The token of an {@code Authorization} header (RFC 6750), read as Kubernetes' bearer token authenticator does. */
public final class BearerToken {
    private static final String SCHEME = "bearer";

    private BearerToken() {}

    /** Empty when the header is of another scheme or its token is; what stands behind a blank after the token is ignored. */
    public static Optional<String> in(String header) {
        String[] words = header.strip().split(" ", 3);
        return words.length > 1 && words[0].equalsIgnoreCase(SCHEME) && !words[1].isEmpty()
                ? Optional.of(words[1])
                : Optional.empty();
    }
}
