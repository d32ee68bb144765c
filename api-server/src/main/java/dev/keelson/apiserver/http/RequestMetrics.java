package dev.keelson.apiserver.http;

import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.UnstoredKind;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Counts requests under the names, labels and buckets that dashboards and alerts for kube-apiserver know. */
final class RequestMetrics implements Filter {
    private static final double[] SECONDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60
    };
    private static final double[] BYTES = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    private static final Set<String> STREAMS = Set.of("log", "exec", "attach", "portforward", "proxy");
    private static final Set<String> READS = Set.of("get", "list");
    private static final Set<String> SIZED = Set.of("GET", "LIST");
    /** Resources of which Kubernetes 1.32 warns. */
    private static final Set<String> DEPRECATED = Set.of("componentstatuses");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Set<String> PARTS = Set.of(
            "status",
            "scale",
            "log",
            "exec",
            "attach",
            "portforward",
            "proxy",
            "binding",
            "eviction",
            "finalize",
            "token",
            "ephemeralcontainers",
            "resize",
            "approval");
    private static final Set<String> PATHS =
            Set.of("api", "apis", "openapi", "version", "livez", "readyz", "healthz", "metrics");
    private static final String COMPONENT = "apiserver";

    private final ResourceRegistry registry;
    private final List<UnstoredKind> unstored;
    private final Clock clock;
    private final Counter requests;
    private final Histogram durations;
    private final Histogram sizes;
    private final Gauge.Child reading;
    private final Gauge.Child writing;
    private final Gauge longRunning;
    private final Gauge deprecated;
    private final Map<Labels, Series> series = new ConcurrentHashMap<>();

    /** What a request is counted under. Names that a client made up are not among them, or it could fill the memory. */
    private record Labels(
            String verb, String dryRun, String group, String version, String resource, String part, String scope) {

        boolean stream() {
            return verb.equals("WATCH") || STREAMS.contains(part);
        }
    }

    /** @param unstored kinds that are served beside those of the registry */
    RequestMetrics(CollectorRegistry metrics, ResourceRegistry registry, List<UnstoredKind> unstored, Clock clock) {
        this.registry = registry;
        this.unstored = List.copyOf(unstored);
        this.clock = clock;
        this.requests = Counter.build(
                        "apiserver_request_total",
                        "Counter of apiserver requests broken out for each verb, dry run value, group, version, resource,"
                                + " scope, component, and HTTP response code.")
                .labelNames(
                        "verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component", "code")
                .register(metrics);
        this.durations = Histogram.build(
                        "apiserver_request_duration_seconds",
                        "Response latency distribution in seconds for each verb, dry run value, group, version, resource,"
                                + " subresource, scope and component.")
                .labelNames("verb", "dry_run", "group", "version", "resource", "subresource", "scope", "component")
                .buckets(SECONDS)
                .register(metrics);
        this.sizes = Histogram.build(
                        "apiserver_response_sizes",
                        "Response size distribution in bytes for each group, version, verb, resource, subresource, scope"
                                + " and component.")
                .labelNames("verb", "group", "version", "resource", "subresource", "scope", "component")
                .buckets(BYTES)
                .register(metrics);
        Gauge running = Gauge.build(
                        "apiserver_current_inflight_requests",
                        "Number of currently running requests of each kind, watches and streams excluded.")
                .labelNames("request_kind")
                .register(metrics);
        this.reading = running.labels("readOnly");
        this.writing = running.labels("mutating");
        this.longRunning = Gauge.build(
                        "apiserver_longrunning_requests",
                        "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource,"
                                + " scope and component.")
                .labelNames("verb", "group", "version", "resource", "subresource", "scope", "component")
                .register(metrics);
        this.deprecated = Gauge.build(
                        "apiserver_requested_deprecated_apis",
                        "Gauge of deprecated APIs that have been requested, broken out by API group, version, resource,"
                                + " subresource, and removed_release.")
                .labelNames("group", "version", "resource", "subresource", "removed_release")
                .register(metrics);
    }

    /** All that is counted of requests with the same labels: they are looked up once a request, not once a figure. */
    private final class Series {
        private final Labels labels;
        private final Gauge.Child open;
        private final Optional<Histogram.Child> duration;
        private final Optional<Histogram.Child> size;
        private volatile Optional<Counted> latest = Optional.empty();

        /** Nearly all requests of a series end with the same code. */
        private record Counted(int code, Counter.Child counter) {}

        Series(Labels labels, boolean reads) {
            this.labels = labels;
            this.open = labels.stream() ? longRunning.labels(sized()) : reads ? reading : writing;
            this.duration = labels.stream() ? Optional.empty() : Optional.of(durations.labels(values(COMPONENT)));
            this.size = SIZED.contains(labels.verb()) ? Optional.of(sizes.labels(sized())) : Optional.empty();
            if (labels.group().isEmpty() && DEPRECATED.contains(labels.resource())) {
                deprecated
                        .labels("", labels.version(), labels.resource(), labels.part(), "")
                        .set(1);
            }
        }

        /** Kubernetes does not ask of sizes, and of what runs long, whether it is a dry run. */
        private String[] sized() {
            return new String[] {
                labels.verb(),
                labels.group(),
                labels.version(),
                labels.resource(),
                labels.part(),
                labels.scope(),
                COMPONENT
            };
        }

        void ended(int code, Duration took, long bytes) {
            open.dec();
            Optional<Counted> known = latest;
            if (known.isEmpty() || known.get().code() != code) {
                known = Optional.of(new Counted(code, counter(code)));
                latest = known;
            }
            known.get().counter().inc();
            duration.ifPresent(histogram -> histogram.observe(took.toNanos() / 1e9));
            size.ifPresent(histogram -> histogram.observe(bytes));
        }

        private Counter.Child counter(int code) {
            return requests.labels(values(COMPONENT, Integer.toString(code)));
        }

        private String[] values(String... last) {
            Stream<String> first = Stream.of(
                    labels.verb(),
                    labels.dryRun(),
                    labels.group(),
                    labels.version(),
                    labels.resource(),
                    labels.part(),
                    labels.scope());
            return Stream.concat(first, Stream.of(last)).toArray(String[]::new);
        }
    }

    @Override
    public void filter(Exchange exchange, Runnable next) {
        Series counted = series(exchange);
        Instant start = clock.instant();
        counted.open.inc();
        exchange.onEnd(() -> counted.ended(
                exchange.response().getStatusCode(),
                Duration.between(start, clock.instant()),
                exchange.response().bytesWritten()));
        next.run();
    }

    private Series series(Exchange exchange) {
        RequestInfo info = exchange.info();
        Labels labels = labels(exchange, info);
        Series known = series.get(labels);
        return known == null
                ? series.computeIfAbsent(labels, unknown -> new Series(unknown, READS.contains(info.verb())))
                : known;
    }

    private Labels labels(Exchange exchange, RequestInfo info) {
        String method = exchange.request().method().name();
        String dryRun = exchange.query().text("dryRun").equals("All") ? "All" : "";
        if (!info.isResource()) {
            String root = info.path().replaceFirst("^/+", "").split("/", 2)[0];
            return new Labels(known(method), dryRun, "", "", "", PATHS.contains(root) ? "/" + root : "", "");
        }
        if (!served(info)) {
            return new Labels(known(method), dryRun, "", "", "", "", "");
        }
        String part = PARTS.contains(info.subresource()) && !info.name().isEmpty() ? info.subresource() : "";
        String scope = !info.name().isEmpty() ? "resource" : !info.namespace().isEmpty() ? "namespace" : "cluster";
        return new Labels(
                verb(exchange, info, part), dryRun, info.group(), info.version(), info.resource(), part, scope);
    }

    private boolean served(RequestInfo info) {
        return registry.find(info.group(), info.version(), info.resource()).isPresent()
                || unstored.stream().anyMatch(kind -> kind.is(info.group(), info.version(), info.resource()));
    }

    private static String verb(Exchange exchange, RequestInfo info, String part) {
        if (STREAMS.contains(part)) {
            return "CONNECT";
        }
        return switch (info.verb()) {
            case "get" -> "GET";
            case "list" -> "LIST";
            case "watch" -> "WATCH";
            case "create" -> "POST";
            case "update" -> "PUT";
            case "patch" -> exchange.header("Content-Type").startsWith("application/apply-patch") ? "APPLY" : "PATCH";
            case "delete" -> "DELETE";
            case "deletecollection" -> "DELETECOLLECTION";
            default -> "other";
        };
    }

    private static String known(String method) {
        return METHODS.contains(method) ? method : "other";
    }
}
