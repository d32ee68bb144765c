package dev.keelson.node.server;

import dev.keelson.node.stats.CadvisorMetrics;
import dev.keelson.node.stats.NodeSnapshot;
import dev.keelson.node.stats.ResourceMetrics;
import dev.keelson.node.stats.StatsCollector;
import dev.keelson.node.stats.SummaryDocument;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/** What the node and its pods use: {@code /stats/summary}, {@code /metrics/resource}, {@code /metrics/cadvisor}. */
final class StatsRoutes {
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    private final StatsCollector stats;
    private final SummaryDocument summary = new SummaryDocument();

    StatsRoutes(StatsCollector stats) {
        this.stats = stats;
    }

    void mount(Router router) {
        router.get("/stats/summary").handler(context -> Routes.blocking(context, () -> summary(context)));
        router.get("/metrics/resource").handler(context -> metrics(context, ResourceMetrics::of));
        router.get("/metrics/cadvisor").handler(context -> metrics(context, CadvisorMetrics::of));
    }

    private void summary(RoutingContext context) {
        boolean only = new Queries(context.queryParams()).flag("only_cpu_and_memory");
        Answers.json(context.response(), summary.of(stats.collect(), only));
    }

    private void metrics(RoutingContext context, Function<NodeSnapshot, String> form) {
        Routes.blocking(
                context,
                () -> context.response().putHeader("Content-Type", METRICS).end(form.apply(stats.collect())));
    }
}
