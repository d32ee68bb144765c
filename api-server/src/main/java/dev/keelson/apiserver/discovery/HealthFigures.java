package dev.keelson.apiserver.discovery;

import dev.keelson.apiserver.discovery.HealthHandler.Result;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import java.util.List;

/**
 * How often each health check passed and how it stands now, under the names of Kubernetes' component SLIs.
 *
 * @see <a href="https://kubernetes.io/docs/reference/instrumentation/slis/">Component SLI metrics</a>
 */
final class HealthFigures {
    private final CollectorRegistry registry = new CollectorRegistry();
    private final Gauge latest = Gauge.build(
                    "kubernetes_healthcheck", "This metric records the result of a single healthcheck.")
            .labelNames("name", "type")
            .register(registry);
    private final Counter total = Counter.build(
                    "kubernetes_healthchecks_total", "This metric records the results of all healthcheck.")
            .labelNames("name", "status", "type")
            .register(registry);

    /** @param type the path that was asked: livez, readyz or healthz */
    void count(String type, List<Result> results) {
        for (Result result : results) {
            boolean passed = result.problem().isEmpty();
            latest.labels(result.name(), type).set(passed ? 1 : 0);
            total.labels(result.name(), passed ? "success" : "error", type).inc();
        }
    }

    CollectorRegistry registry() {
        return registry;
    }
}
