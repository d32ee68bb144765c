package dev.keelson.node.image.registry;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.oci.JsonReader;
import dev.keelson.node.image.registry.HttpExchange.Answer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** GET requests below one repository, with authorization, redirects and errors that say what to do. */
final class RepositoryRequests {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_ERROR_BODY = 8192;

    private final HttpExchange http;
    private final RegistryHosts hosts;
    private final ImageReference reference;
    /** Credentials still to be tried, the one in use first. Without any, the registry is asked as a stranger. */
    private final List<Authorizer> authorizers = new ArrayList<>();

    RepositoryRequests(
            HttpExchange http, RegistryHosts hosts, ImageReference reference, List<RegistryAuth> credentials) {
        this.http = http;
        this.hosts = hosts;
        this.reference = reference;
        for (RegistryAuth credential : CredentialMatch.choose(reference, credentials)) {
            authorizers.add(new Authorizer(http, hosts, Optional.of(credential), reference.repository()));
        }
        if (authorizers.isEmpty()) {
            authorizers.add(new Authorizer(http, hosts, Optional.empty(), reference.repository()));
        }
    }

    /** Sends a GET for a path below the repository; answers only with success (2xx) or 416. */
    Answer get(String path, Map<String, String> headers) throws IOException {
        URI base = hosts.base(reference);
        URI uri = base.resolve("/v2/" + reference.repository() + path);
        while (true) {
            Authorizer authorizer = current();
            Answer answer = authorized(uri, headers, authorizer);
            boolean denied = answer.status() == 401 || answer.status() == 403;
            if (!denied || !giveUpOn(authorizer)) {
                return checked(answer, authorizer);
            }
            answer.close();
        }
    }

    private synchronized Authorizer current() {
        return authorizers.getFirst();
    }

    /** Goes on to the next credential; false when there is none. */
    private synchronized boolean giveUpOn(Authorizer authorizer) {
        if (authorizers.getFirst() != authorizer) {
            return true;
        }
        if (authorizers.size() == 1) {
            return false;
        }
        authorizers.removeFirst();
        return true;
    }

    private Answer authorized(URI uri, Map<String, String> headers, Authorizer authorizer) throws IOException {
        String authorization = authorizer.header();
        Answer answer = followed(uri, headers, authorization);
        // A challenge from the host of a redirect is not the registry's, and gets nothing.
        if (answer.status() != 401 || !sameOrigin(uri, answer.uri())) {
            return answer;
        }
        Optional<AuthChallenge> challenge =
                AuthChallenge.choose(answer.headers().allValues("WWW-Authenticate"));
        if (challenge.isEmpty() || !authorizer.meet(challenge.get(), uri, authorization)) {
            return answer;
        }
        answer.close();
        return followed(uri, headers, authorizer.header());
    }

    private Answer followed(URI start, Map<String, String> headers, String authorization) throws IOException {
        URI uri = start;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            Map<String, String> sent = new HashMap<>(headers);
            if (!authorization.isEmpty() && sameOrigin(start, uri)) {
                sent.put("Authorization", authorization);
            }
            Answer answer = http.get(uri, sent);
            if (!REDIRECTS.contains(answer.status())) {
                return answer;
            }
            answer.close();
            uri = target(uri, answer.header("Location"));
        }
        throw new IOException("the registry redirects more than " + MAX_REDIRECTS + " times");
    }

    private URI target(URI from, String location) throws IOException {
        URI target;
        try {
            target = from.resolve(URI.create(location));
        } catch (IllegalArgumentException e) {
            throw new IOException("the registry redirects to something that is no address", e);
        }
        boolean secure = "https".equals(target.getScheme());
        boolean plain = "http".equals(target.getScheme()) && from.getScheme().equals("http");
        if (target.getHost() == null || !(secure || plain)) {
            throw new IOException("the registry redirects to \"%s\", which is not https".formatted(target));
        }
        return target;
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equals(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort();
    }

    private Answer checked(Answer answer, Authorizer authorizer) throws IOException {
        int status = answer.status();
        if (status / 100 == 2 || status == 416) {
            return answer;
        }
        String said = registryError(answer);
        answer.close();
        String prefix = "cannot pull \"%s\": registry answered %d%s".formatted(reference, status, said);
        throw switch (status) {
            case 401, 403 -> ImageErrors.refused(prefix + "; " + remedy(authorizer));
            case 404 -> ImageErrors.notFound(prefix + "; check the image's name and tag");
            case 429 -> ImageErrors.unavailable(prefix + "; too many pulls, it is tried again later");
            default -> status >= 500 ? ImageErrors.unavailable(prefix) : ImageErrors.refused(prefix);
        };
    }

    private String remedy(Authorizer authorizer) {
        return authorizer
                .credential()
                .map(auth -> "check user \"%s\" in the imagePullSecret for %s"
                        .formatted(auth.username(), reference.registry()))
                .orElse("add an imagePullSecret for %s to the pod or its ServiceAccount"
                        .formatted(reference.registry()));
    }

    /** What the registry's error document says, for people; empty when there is none. */
    private static String registryError(Answer answer) {
        try {
            JsonReader json = JsonReader.object("error", answer.body().readNBytes(MAX_ERROR_BODY));
            return json.objects("errors").stream()
                    .findFirst()
                    .map(error -> " (%s: %s)".formatted(error.text("code"), error.text("message")))
                    .map(text -> text.replaceAll("\\p{Cntrl}", " "))
                    .map(text -> text.length() > 300 ? text.substring(0, 300) + "…)" : text)
                    .orElse("");
        } catch (IOException | NodeException notADocument) {
            return "";
        }
    }

    NodeException unavailable(IOException cause) {
        String message =
                "cannot pull \"%s\": registry %s: %s".formatted(reference, reference.registry(), describe(cause));
        return ImageErrors.unavailable(message, cause);
    }

    private static String describe(IOException cause) {
        return switch (cause) {
            case java.net.http.HttpConnectTimeoutException e -> "no connection within the time allowed";
            case java.net.http.HttpTimeoutException e -> "no answer within the time allowed";
            case java.net.ConnectException e ->
                e.getCause() instanceof java.nio.channels.UnresolvedAddressException
                        ? "its name is not known to DNS"
                        : "connection refused; is it running, and is the port right?";
            case javax.net.ssl.SSLHandshakeException e ->
                "TLS failed (" + e.getMessage() + "); its certificate must be signed by an authority this node trusts";
            default -> String.valueOf(cause.getMessage());
        };
    }
}
