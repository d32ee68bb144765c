package dev.keelson.apiserver.http;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Who was let in and who might do what, under the names of kube-apiserver (its {@code filters/metrics.go}). */
final class AuthMetrics extends Collector {
    private static final double[] SECONDS = {
        0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384
    };
    /** From "has ended" over half an hour to a year. */
    private static final double[] LIFETIMES = {
        0, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 345600, 604800, 2592000, 7776000, 15552000, 31104000
    };
    /** Whom Kubernetes counts by name; all others would be too many. */
    private static final Set<String> NAMED =
            Set.of("admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");

    private final Map<String, LongAdder> attempts = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> users = new ConcurrentHashMap<>();
    private final Histogram authentication;
    private final Histogram.Child authenticated;
    private final Histogram lifetimes;
    private final Counter.Child allowed;
    private final Counter.Child undecided;
    private final Histogram.Child allowing;
    private final Histogram.Child refusing;

    AuthMetrics(CollectorRegistry metrics) {
        this.authentication = Histogram.build(
                        "authentication_duration_seconds", "Authentication duration in seconds broken out by result.")
                .labelNames("result")
                .buckets(SECONDS)
                .register(metrics);
        this.authenticated = authentication.labels("success");
        this.lifetimes = Histogram.build(
                        "apiserver_client_certificate_expiration_seconds",
                        "Distribution of the remaining lifetime on the certificate used to authenticate a request.")
                .buckets(LIFETIMES)
                .register(metrics);
        Counter decisions = Counter.build(
                        "authorization_attempts_total",
                        "Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied',"
                                + " 'no-opinion' or 'error'.")
                .labelNames("result")
                .register(metrics);
        Histogram deciding = Histogram.build(
                        "authorization_duration_seconds", "Authorization duration in seconds broken out by result.")
                .labelNames("result")
                .buckets(SECONDS)
                .register(metrics);
        // Nothing here forbids: what no rule allows is refused because nobody has an opinion.
        this.allowed = decisions.labels("allowed");
        this.undecided = decisions.labels("no-opinion");
        this.allowing = deciding.labels("allowed");
        this.refusing = deciding.labels("no-opinion");
        metrics.register(this);
    }

    /** @param start as {@link System#nanoTime} told it */
    void authenticated(String user, long start) {
        counter(attempts, "success").increment();
        counter(users, shown(user)).increment();
        authenticated.observe(since(start));
    }

    /** A credential that is nobody's; who shows none is anonymous, and let in. */
    void refused(long start) {
        counter(attempts, "error").increment();
        authentication.labels("error").observe(since(start));
    }

    void certificate(Instant until) {
        lifetimes.observe((until.toEpochMilli() - System.currentTimeMillis()) / 1e3);
    }

    void decided(boolean may, long start) {
        (may ? allowed : undecided).inc();
        (may ? allowing : refusing).observe(since(start));
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static String shown(String user) {
        if (NAMED.contains(user)) {
            return user;
        }
        return user.indexOf('@') >= 0 ? "email_id" : "other";
    }

    private static LongAdder counter(Map<String, LongAdder> counters, String label) {
        LongAdder known = counters.get(label);
        return known == null ? counters.computeIfAbsent(label, unknown -> new LongAdder()) : known;
    }

    /** Without types: the library ends the name of every counter with "_total", which these have not. */
    @Override
    public List<MetricFamilySamples> collect() {
        return List.of(
                untyped("authentication_attempts", "Counter of authenticated attempts.", "result", attempts),
                untyped(
                        "authenticated_user_requests",
                        "Counter of authenticated requests broken out by username.",
                        "username",
                        users));
    }

    private static MetricFamilySamples untyped(String name, String help, String label, Map<String, LongAdder> values) {
        return new MetricFamilySamples(
                name,
                Type.UNKNOWN,
                help,
                new TreeMap<>(values)
                        .entrySet().stream()
                                .map(one -> new MetricFamilySamples.Sample(
                                        name,
                                        List.of(label),
                                        List.of(one.getKey()),
                                        one.getValue().sum()))
                                .toList());
    }
}
