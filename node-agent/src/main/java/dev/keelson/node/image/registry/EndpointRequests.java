package dev.keelson.node.image.registry;

import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageErrors;
import dev.keelson.node.image.ImageReference;
import dev.keelson.node.image.RegistryAuth;
import dev.keelson.node.image.oci.JsonReader;
import dev.keelson.node.image.registry.HttpExchange.Answer;
import dev.keelson.node.image.registry.hosts.Endpoint;
import dev.keelson.node.image.registry.hosts.Endpoint.Capability;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Requests below one repository to one server, with authorization, redirects and errors that say what to do. */
final class EndpointRequests {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_ERROR_BODY = 8192;

    private final HttpExchange http;
    private final RegistryHosts hosts;
    private final Endpoint endpoint;
    private final ImageReference reference;
    private final Purpose purpose;
    /** Credentials still to be tried, the one in use first. Without any, the registry is asked as a stranger. */
    private final List<Authorizer> authorizers = new ArrayList<>();

    /** What a repository is asked for; tokens are fetched for it and errors speak of it. */
    enum Purpose {
        PULL("pull"),
        PUSH("pull,push");

        private final String actions;

        Purpose(String actions) {
            this.actions = actions;
        }
    }

    EndpointRequests(
            HttpExchange http,
            RegistryHosts hosts,
            Endpoint endpoint,
            ImageReference reference,
            List<RegistryAuth> credentials,
            Purpose purpose) {
        this.http = http;
        this.hosts = hosts;
        this.endpoint = endpoint;
        this.reference = reference;
        this.purpose = purpose;
        // A mirror is shown what was meant for it, never what is for the registry behind it.
        String host = endpoint.base().map(URI::getAuthority).orElse(reference.registry());
        String scope = "repository:" + reference.repository() + ":" + purpose.actions;
        for (RegistryAuth credential : CredentialMatch.choose(host, reference.repository(), credentials)) {
            authorizers.add(new Authorizer(http, hosts, Optional.of(credential), scope));
        }
        if (authorizers.isEmpty()) {
            authorizers.add(new Authorizer(http, hosts, Optional.empty(), scope));
        }
    }

    boolean can(Capability capability) {
        return endpoint.capabilities().contains(capability);
    }

    /** The address of something below the repository. */
    URI at(String path) throws IOException {
        URI base = endpoint.base().isPresent() ? endpoint.base().get() : hosts.base(reference);
        String namespace = endpoint.isMirror() ? "?ns=" + reference.registry() : "";
        return URI.create(base + "/" + reference.repository() + path + namespace);
    }

    /** Sends a GET for a path below the repository; answers only with success (2xx) or 416. */
    Answer get(String path, Map<String, String> headers) throws IOException {
        return send("GET", at(path), headers, BodyPublishers.noBody());
    }

    /** Sends a request; answers only with success (2xx), 416, or for HEAD also 404. */
    Answer send(String method, URI uri, Map<String, String> headers, BodyPublisher body) throws IOException {
        Map<String, String> all = new HashMap<>(endpoint.headers());
        all.putAll(headers);
        Call call = new Call(method, all, body);
        while (true) {
            Authorizer authorizer = current();
            Answer answer = authorized(uri, call, authorizer);
            boolean denied = answer.status() == 401 || answer.status() == 403;
            if (!denied || !giveUpOn(authorizer)) {
                return checked(call, answer, authorizer);
            }
            answer.close();
        }
    }

    private record Call(String method, Map<String, String> headers, BodyPublisher body) {}

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

    private Answer authorized(URI uri, Call call, Authorizer authorizer) throws IOException {
        String authorization = authorizer.header();
        Answer answer = followed(uri, call, authorization);
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
        return followed(uri, call, authorizer.header());
    }

    private Answer followed(URI start, Call call, String authorization) throws IOException {
        URI uri = start;
        for (int i = 0; i <= MAX_REDIRECTS; i++) {
            Map<String, String> sent = new HashMap<>(call.headers());
            if (!authorization.isEmpty() && sameOrigin(start, uri)) {
                sent.put("Authorization", authorization);
            }
            Answer answer = http.send(call.method(), uri, sent, call.body());
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

    private Answer checked(Call call, Answer answer, Authorizer authorizer) throws IOException {
        int status = answer.status();
        boolean expected = status == 416 || (status == 404 && call.method().equals("HEAD"));
        if (status / 100 == 2 || expected) {
            return answer;
        }
        String said = registryError(answer);
        answer.close();
        String prefix = "%s: %s answered %d%s".formatted(cannot(), server(), status, said);
        throw switch (status) {
            case 401, 403 -> ImageErrors.refused(prefix + "; " + remedy(authorizer));
            case 404 -> ImageErrors.notFound(prefix + "; check the image's name and tag");
            case 429 -> ImageErrors.unavailable(prefix + "; too many pulls, it is tried again later");
            default -> status >= 500 ? ImageErrors.unavailable(prefix) : ImageErrors.refused(prefix);
        };
    }

    private String cannot() {
        return "cannot %s \"%s\"".formatted(purpose == Purpose.PULL ? "pull" : "push", reference);
    }

    private String server() {
        return endpoint.isMirror() ? "mirror " + endpoint.base().get().getAuthority() : "registry";
    }

    private String remedy(Authorizer authorizer) {
        return authorizer
                .credential()
                .map(auth -> purpose == Purpose.PUSH
                        ? "user \"%s\" may not push there".formatted(auth.username())
                        : "check user \"%s\" in the imagePullSecret for %s"
                                .formatted(auth.username(), reference.registry()))
                .orElse(
                        purpose == Purpose.PUSH
                                ? "give credentials with --creds or docker login"
                                : "add an imagePullSecret for %s to the pod or its ServiceAccount"
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
        String message = "%s: %s %s: %s".formatted(cannot(), "registry", reference.registry(), describe(cause));
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
