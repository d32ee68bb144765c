package dev.keelson.cli.command;

import dev.keelson.controllers.runtime.QueueMetrics;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Duration;

/** The work queues of the controllers in {@code /metrics}, under the names that client-go gives them. */
final class QueueFigures implements QueueMetrics.Provider {
    private static final double[] SECONDS = {1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10};

    private final Counter adds;
    private final Counter retries;
    private final Gauge depth;
    private final Histogram waits;
    private final Histogram work;

    QueueFigures(CollectorRegistry registry) {
        adds = Counter.build("workqueue_adds_total", "Total number of adds handled by workqueue")
                .labelNames("name")
                .register(registry);
        retries = Counter.build("workqueue_retries_total", "Total number of retries handled by workqueue")
                .labelNames("name")
                .register(registry);
        depth = Gauge.build("workqueue_depth", "Current depth of workqueue")
                .labelNames("name")
                .register(registry);
        waits = Histogram.build(
                        "workqueue_queue_duration_seconds",
                        "How long in seconds an item stays in workqueue before being requested.")
                .labelNames("name")
                .buckets(SECONDS)
                .register(registry);
        work = Histogram.build(
                        "workqueue_work_duration_seconds",
                        "How long in seconds processing an item from workqueue takes.")
                .labelNames("name")
                .buckets(SECONDS)
                .register(registry);
    }

    @Override
    public QueueMetrics of(String name) {
        return new OneQueue(
                adds.labels(name), retries.labels(name), depth.labels(name), waits.labels(name), work.labels(name));
    }

    private record OneQueue(
            Counter.Child adds, Counter.Child retries, Gauge.Child waiting, Histogram.Child waits, Histogram.Child work)
            implements QueueMetrics {

        @Override
        public void added() {
            adds.inc();
        }

        @Override
        public void depth(int now) {
            waiting.set(now);
        }

        @Override
        public void waited(Duration time) {
            waits.observe(time.toNanos() / 1e9);
        }

        @Override
        public void worked(Duration time) {
            work.observe(time.toNanos() / 1e9);
        }

        @Override
        public void retried() {
            retries.inc();
        }
    }
}
