package dev.keelson.node.image.registry;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.oci.JsonReader;
import dev.keelson.node.image.registry.HttpExchange.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Meets a registry's challenges for one repository with one credential: HTTP basic, or a token fetched from where the
 * challenge points (distribution spec, token authentication). Tokens are kept until the registry refuses them.
 */
final class Authorizer {
    private static final int MAX_TOKEN_ANSWER = 1 << 20;

    private final HttpExchange http;
    private final RegistryHosts hosts;
    private final Optional<RegistryAuth> credential;
    private final String scope;
    private String header = "";

    Authorizer(HttpExchange http, RegistryHosts hosts, Optional<RegistryAuth> credential, String scope) {
        this.http = http;
        this.hosts = hosts;
        this.credential = credential;
        this.scope = scope;
    }

    Optional<RegistryAuth> credential() {
        return credential;
    }

    /** The {@code Authorization} header to send now; empty before the first challenge. */
    synchronized String header() {
        return header;
    }

    /**
     * Answers a challenge to a request that carried {@code refused}.
     *
     * @return whether another try makes sense: there is a header now that was not refused yet
     */
    synchronized boolean meet(AuthChallenge challenge, URI registry, String refused) throws IOException {
        if (!header.equals(refused)) {
            return true;
        }
        header = challenge.scheme().equals("bearer")
                ? token(challenge, registry).map(token -> "Bearer " + token).orElse("")
                : credential.map(Authorizer::basic).orElse("");
        return !header.isEmpty() && !header.equals(refused);
    }

    /** The token; empty when the token server refuses the credential. */
    private Optional<String> token(AuthChallenge challenge, URI registry) throws IOException {
        URI realm = realm(challenge, registry);
        URI uri = URI.create(realm.toString().replaceFirst("\\?.*$", ""));
        Optional<String> identity =
                credential.filter(RegistryAuth::isIdentityToken).map(RegistryAuth::password);
        try (Answer answer =
                identity.isPresent() ? refresh(uri, challenge, identity.get()) : ask(uri, realm, challenge)) {
            return switch (answer.status()) {
                case 200 -> Optional.of(read(answer));
                case 401, 403 -> Optional.empty();
                default ->
                    throw new IOException(
                            "the token server %s answered %d".formatted(uri.getAuthority(), answer.status()));
            };
        }
    }

    private Answer ask(URI uri, URI realm, AuthChallenge challenge) throws IOException {
        String given = Optional.ofNullable(realm.getRawQuery())
                .map(query -> query + "&")
                .orElse("");
        Map<String, String> headers =
                credential.map(auth -> Map.of("Authorization", basic(auth))).orElse(Map.of());
        return http.get(URI.create(uri + "?" + given + service(challenge) + "scope=" + encoded(scope)), headers);
    }

    /** An identity token is exchanged as OAuth 2 has it (RFC 6749, section 6). */
    private Answer refresh(URI uri, AuthChallenge challenge, String identity) throws IOException {
        String form = "grant_type=refresh_token&client_id=keelson&" + service(challenge) + "scope=" + encoded(scope)
                + "&refresh_token=" + encoded(identity);
        Map<String, String> headers = Map.of("Content-Type", "application/x-www-form-urlencoded");
        return http.send("POST", uri, headers, BodyPublishers.ofString(form));
    }

    private static String service(AuthChallenge challenge) {
        String service = challenge.parameter("service");
        return service.isEmpty() ? "" : "service=" + encoded(service) + "&";
    }

    private static String read(Answer answer) throws IOException {
        byte[] body = answer.body().readNBytes(MAX_TOKEN_ANSWER);
        try {
            JsonReader json = JsonReader.object("token", body);
            String token = json.text("token").isEmpty() ? json.text("access_token") : json.text("token");
            // A token goes into a header; whoever made it must not add lines of its own there.
            if (token.isEmpty() || !token.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
                throw new IOException("the token server's answer has no usable token");
            }
            return token;
        } catch (NodeException e) {
            throw new IOException("the token server's answer is not what it should be: " + e.getMessage(), e);
        }
    }

    /** The token server may be another host, but never a less protected one: it is shown the credential. */
    private URI realm(AuthChallenge challenge, URI registry) throws IOException {
        URI realm;
        try {
            realm = URI.create(challenge.parameter("realm"));
        } catch (IllegalArgumentException e) {
            throw new IOException("the registry names a token server that is no address", e);
        }
        boolean plain = "http".equals(realm.getScheme());
        boolean allowed = realm.getHost() != null
                && ("https".equals(realm.getScheme())
                        || (plain && registry.getScheme().equals("http") && isPlainAllowed(realm, registry)));
        if (!allowed) {
            throw new IOException("the registry names the token server \"%s\", which is not https".formatted(realm));
        }
        return realm;
    }

    private boolean isPlainAllowed(URI realm, URI registry) {
        return realm.getAuthority().equals(registry.getAuthority()) || hosts.mayBePlain(realm.getAuthority());
    }

    private static String basic(RegistryAuth auth) {
        byte[] pair = (auth.username() + ":" + auth.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
