package dev.keelson.apiserver.http;

import dev.keelson.apiserver.auth.Attributes;
import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.auth.CertificateAuthenticator;
import dev.keelson.apiserver.auth.CertificateAuthenticator.Verdict;
import dev.keelson.apiserver.auth.Impersonation;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.auth.token.BearerToken;
import dev.keelson.apiserver.auth.token.TokenAuthenticator;
import dev.keelson.apiserver.auth.token.TokenVerdict;
import dev.keelson.apiserver.auth.token.WebSocketToken;
import dev.keelson.apiserver.http.reply.Forbidden;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.registry.ApiFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSession;

/** Who sends a request, as whom, and whether they may. */
final class AuthFilters {
    private static final System.Logger LOG = System.getLogger(AuthFilters.class.getName());
    /** One object, asked for as a list: what a right to its name covers too. */
    private static final Pattern BY_NAME = Pattern.compile("(?:^|,)metadata\\.name==?([^,=!]+)(?:,|$)");

    private static final String SUBPROTOCOLS = "Sec-WebSocket-Protocol";

    private AuthFilters() {}

    /**
     * Who is it: a client certificate, else a bearer token, else anonymous. A certificate that is not believed leaves the word to
     * the token; without one that is good the request is refused: nobody becomes anonymous by mistake.
     *
     * @param audience for whom tokens must be made to be good here
     */
    static Filter authentication(
            CertificateAuthenticator certificates, TokenAuthenticator tokens, String audience, AuthMetrics metrics) {
        List<String> audiences = List.of(audience);
        return (exchange, next) -> {
            long start = System.nanoTime();
            Optional<String> token = token(exchange);
            Verdict certificate = certificate(exchange, certificates);
            if (certificate instanceof Verdict.Known(User _, Instant until)) {
                metrics.certificate(until);
            }
            try {
                exchange.authenticated(user(certificate, token, text -> bearer(tokens, text, audiences)));
            } catch (ApiFailure refused) {
                metrics.refused(start);
                throw refused;
            }
            metrics.authenticated(exchange.user().name(), start);
            next.run();
        };
    }

    /** @param owner whose a token is; throws if it is nobody's */
    static User user(Verdict certificate, Optional<String> token, Function<String, User> owner) {
        return switch (certificate) {
            case Verdict.Known(User user, Instant _) -> user;
            case Verdict.Nobody() -> token.map(owner).orElse(User.ANONYMOUS);
            case Verdict.Refused(String why) -> token.map(owner).orElseThrow(() -> refused(why));
        };
    }

    /** Takes the token out of the request: what comes behind the filters, pods among them, has no business with it. */
    private static Optional<String> token(Exchange exchange) {
        Optional<String> bearer = BearerToken.in(exchange.header("Authorization"));
        MultiMap headers = exchange.request().headers();
        headers.remove("Authorization");
        boolean webSocket = exchange.request().method() == HttpMethod.GET
                && exchange.header("Upgrade").equalsIgnoreCase("websocket");
        if (!webSocket) {
            return bearer;
        }
        WebSocketToken offered = WebSocketToken.in(headers.getAll(SUBPROTOCOLS));
        if (offered.token().isPresent()) {
            headers.set(SUBPROTOCOLS, String.join(",", offered.others()));
        }
        return bearer.or(offered::token);
    }

    private static Verdict certificate(Exchange exchange, CertificateAuthenticator certificates) {
        SSLSession session = exchange.request().connection().sslSession();
        return session == null ? new Verdict.Nobody() : certificates.authenticate(session);
    }

    private static ApiFailure refused(String why) {
        LOG.log(System.Logger.Level.INFO, "refused a client certificate why=\"{0}\"", why);
        return ApiFailure.unauthorized();
    }

    private static User bearer(TokenAuthenticator tokens, String token, List<String> audiences) {
        return switch (tokens.authenticate(token, audiences)) {
            case TokenVerdict.Accepted(User user, List<String> _) -> user;
            case TokenVerdict.Refused(String why) -> {
                LOG.log(System.Logger.Level.INFO, "refused a bearer token why=\"{0}\"", why);
                throw ApiFailure.unauthorized();
            }
            case TokenVerdict.Unknown() -> throw ApiFailure.unauthorized();
        };
    }

    /** As whom: the headers {@code Impersonate-*}, each part of which takes a right of its own. */
    static Filter impersonation(Authorizer authorizer) {
        return (exchange, next) -> {
            MultiMap headers = exchange.request().headers();
            List<String> asking = headers.names().stream()
                    .filter(name -> name.regionMatches(true, 0, Impersonation.PREFIX, 0, Impersonation.PREFIX.length()))
                    .toList();
            if (!asking.isEmpty()) {
                impersonated(exchange).ifPresent(wanted -> {
                    for (Attributes needed : wanted.needed(exchange.user())) {
                        require(needed, authorizer.authorize(needed));
                    }
                    exchange.authenticated(wanted.user());
                });
                asking.forEach(headers::remove);
            }
            next.run();
        };
    }

    private static Optional<Impersonation> impersonated(Exchange exchange) {
        try {
            return Impersonation.of(exchange.request().headers().entries());
        } catch (IllegalArgumentException e) {
            throw ApiFailure.internal(e.getMessage());
        }
    }

    /** May they. */
    static Filter authorization(Authorizer authorizer, AuthMetrics metrics) {
        return (exchange, next) -> {
            Attributes asked = attributes(exchange);
            long start = System.nanoTime();
            Decision decision = authorizer.authorize(asked);
            metrics.decided(decision.allowed(), start);
            require(asked, decision);
            next.run();
        };
    }

    private static Attributes attributes(Exchange exchange) {
        RequestInfo info = exchange.info();
        Attributes asked = info.attributes(exchange.user());
        boolean collection = info.isResource() && info.name().isEmpty();
        if (!collection || !info.verb().equals("list") && !info.verb().equals("watch")) {
            return asked;
        }
        Matcher one = BY_NAME.matcher(exchange.query().text("fieldSelector"));
        return one.find() ? asked.named(one.group(1)) : asked;
    }

    private static void require(Attributes asked, Decision decision) {
        if (!decision.allowed()) {
            throw Forbidden.failure(asked, decision);
        }
    }
}
