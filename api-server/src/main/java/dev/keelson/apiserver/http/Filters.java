package dev.keelson.apiserver.http;

import dev.keelson.apiserver.auth.Authorizer;
import dev.keelson.apiserver.auth.Authorizer.Attributes;
import dev.keelson.apiserver.auth.Authorizer.Decision;
import dev.keelson.apiserver.auth.CertificateAuthenticator;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.http.reply.Forbidden;
import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.http.request.RequestInfoParser;
import dev.keelson.apiserver.http.request.TimePath;
import dev.keelson.apiserver.registry.ApiFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;

/** The filters that every request passes, in the order of {@link #standard}. */
public final class Filters {
    private static final System.Logger LOG = System.getLogger("dev.keelson.apiserver.audit");
    private static final Set<String> PUBLIC_ROOTS = Set.of("/livez", "/readyz", "/healthz", "/version");

    private Filters() {}

    /** Reads method, path and query. */
    public static Filter requestInfo() {
        return (exchange, next) -> {
            QueryParameters query = QueryParameters.parse(
                    Optional.ofNullable(exchange.request().query()).orElse(""));
            String path = Optional.ofNullable(exchange.request().path()).orElse("/");
            TimePath timed = TimePath.of(path);
            exchange.seenFrom(timed.view());
            exchange.parsed(RequestInfoParser.parse(exchange.request().method().name(), timed.apiPath(), query), query);
            next.run();
        };
    }

    /** One line for each finished request: the place where an audit policy will plug in. */
    public static Filter audit(Clock clock) {
        return (exchange, next) -> {
            if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
                Instant start = clock.instant();
                exchange.onEnd(() -> log(exchange, Duration.between(start, clock.instant())));
            }
            next.run();
        };
    }

    /** Who is it: a client certificate, or nobody, which is enough for the public paths only. */
    public static Filter authentication() {
        return (exchange, next) -> {
            Optional<SSLSession> session =
                    Optional.ofNullable(exchange.request().connection().sslSession());
            Optional<User> user = session.flatMap(CertificateAuthenticator::authenticate);
            if (user.isEmpty() && !isPublic(exchange.info().path())) {
                throw ApiFailure.unauthorized();
            }
            user.ifPresent(exchange::authenticated);
            next.run();
        };
    }

    /** May they. */
    public static Filter authorization(Authorizer authorizer) {
        return (exchange, next) -> {
            Attributes asked = exchange.info().attributes(exchange.user());
            Decision decision = authorizer.authorize(asked);
            if (!decision.allowed()) {
                throw Forbidden.failure(asked, decision);
            }
            next.run();
        };
    }

    private static boolean isPublic(String path) {
        return PUBLIC_ROOTS.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }

    private static void log(Exchange exchange, Duration took) {
        LOG.log(
                System.Logger.Level.DEBUG,
                "answered verb={0} path={1} user={2} code={3} took={4}ms",
                exchange.info().verb(),
                exchange.info().path(),
                exchange.user().name(),
                Integer.toString(exchange.response().getStatusCode()),
                Long.toString(took.toMillis()));
    }
}
