package dev.keelson.apiserver.http;

import dev.keelson.apiserver.http.request.Exchange;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.registry.ResourceRegistry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Counts requests under the names that dashboards and alerts for kube-apiserver know. */
final class RequestMetrics implements Filter {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.2, 0.4, 0.6, 1, 2, 5, 10, 30, 60};
    private static final Set<String> STREAMS = Set.of("log", "exec", "attach", "portforward", "proxy");
    private static final Set<String> READS = Set.of("get", "list");
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

    private final ResourceRegistry registry;
    private final Clock clock;
    private final Counter requests;
    private final Histogram durations;
    private final Gauge running;
    private final Gauge longRunning;

    /** What a request is counted under. Names that a client made up are not among them, or it could fill the memory. */
    private record Labels(String verb, String group, String version, String resource, String part, String scope) {}

    RequestMetrics(CollectorRegistry metrics, ResourceRegistry registry, Clock clock) {
        this.registry = registry;
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
        this.running = Gauge.build(
                        "apiserver_current_inflight_requests",
                        "Number of currently running requests of each kind, watches and streams excluded.")
                .labelNames("request_kind")
                .register(metrics);
        this.longRunning = Gauge.build(
                        "apiserver_longrunning_requests",
                        "Gauge of all active long-running apiserver requests broken out by verb, group, version, resource,"
                                + " scope and component.")
                .labelNames("verb", "group", "version", "resource", "subresource", "scope", "component")
                .register(metrics);
    }

    @Override
    public void filter(Exchange exchange, Runnable next) {
        RequestInfo info = exchange.info();
        Labels labels = labels(exchange, info);
        String dryRun = exchange.query().text("dryRun").equals("All") ? "All" : "";
        boolean stream = info.verb().equals("watch") || STREAMS.contains(labels.part());
        Gauge.Child open = stream
                ? longRunning.labels(
                        labels.verb(),
                        labels.group(),
                        labels.version(),
                        labels.resource(),
                        labels.part(),
                        labels.scope(),
                        "apiserver")
                : running.labels(READS.contains(info.verb()) ? "readOnly" : "mutating");
        Instant start = clock.instant();
        open.inc();
        exchange.onEnd(() -> {
            open.dec();
            String code = Integer.toString(exchange.response().getStatusCode());
            requests.labels(
                            labels.verb(),
                            dryRun,
                            labels.group(),
                            labels.version(),
                            labels.resource(),
                            labels.part(),
                            labels.scope(),
                            "apiserver",
                            code)
                    .inc();
            if (!stream) {
                durations
                        .labels(
                                labels.verb(),
                                dryRun,
                                labels.group(),
                                labels.version(),
                                labels.resource(),
                                labels.part(),
                                labels.scope(),
                                "apiserver")
                        .observe(Duration.between(start, clock.instant()).toNanos() / 1e9);
            }
        });
        next.run();
    }

    private Labels labels(Exchange exchange, RequestInfo info) {
        String method = exchange.request().method().name();
        if (!info.isResource()) {
            String root = info.path().replaceFirst("^/+", "").split("/", 2)[0];
            return new Labels(known(method), "", "", "", PATHS.contains(root) ? "/" + root : "", "");
        }
        boolean served =
                registry.find(info.group(), info.version(), info.resource()).isPresent();
        if (!served) {
            return new Labels(known(method), "", "", "", "", "");
        }
        String part = PARTS.contains(info.subresource()) && !info.name().isEmpty() ? info.subresource() : "";
        String scope = !info.name().isEmpty() ? "resource" : !info.namespace().isEmpty() ? "namespace" : "cluster";
        return new Labels(verb(exchange, info, part), info.group(), info.version(), info.resource(), part, scope);
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
