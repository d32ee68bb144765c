package dev.keelson.apiserver.http;

import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.QueryParameters;
import dev.keelson.apiserver.http.request.RequestInfoParser;
import dev.keelson.apiserver.http.request.TimePath;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The filters that every request passes, in the order of {@link #standard}. */
public final class Filters {
    private static final System.Logger LOG = System.getLogger("dev.keelson.apiserver.audit");
    private static final String AUDIT_ID = "Audit-Id";
    private static final Pattern NAME_OF_A_REQUEST = Pattern.compile("[A-Za-z0-9._-]{1,64}");

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

    /**
     * Names the request, so that an answer can be found in the logs of client and server, and writes one line for each
     * finished request: the place where an audit policy will plug in.
     */
    public static Filter audit(Clock clock) {
        return (exchange, next) -> {
            exchange.response().putHeader(AUDIT_ID, auditId(exchange.header(AUDIT_ID)));
            if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
                Instant start = clock.instant();
                exchange.onEnd(() -> log(exchange, Duration.between(start, clock.instant())));
            }
            next.run();
        };
    }

    /** A client may name its request itself. */
    private static String auditId(String sent) {
        if (NAME_OF_A_REQUEST.matcher(sent).matches()) {
            return sent;
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
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
