package dev.keelson.apiserver.discovery;

import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.PathHandler;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /metrics} in the Prometheus text format. */
public final class MetricsHandler implements PathHandler {
    private final CollectorRegistry registry;

    public MetricsHandler(CollectorRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Optional<Reply> answer(PathRequest request) {
        if (!request.path().equals("/metrics")) {
            return Optional.empty();
        }
        return Optional.of(text(registry));
    }

    /** Everything in a registry as a scrape reads it. */
    static Reply text(CollectorRegistry registry) {
        byte[] text = scrape(registry).getBytes(StandardCharsets.UTF_8);
        return new Reply(200, text, TextFormat.CONTENT_TYPE_004, List.of(), Map.of());
    }

    private static String scrape(CollectorRegistry registry) {
        StringWriter text = new StringWriter();
        try {
            TextFormat.write004(text, Collections.enumeration(families(registry)));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    /** Without the times at which series began: the library adds them, and Kubernetes' metrics have none. */
    private static List<MetricFamilySamples> families(CollectorRegistry registry) {
        return Collections.list(registry.metricFamilySamples()).stream()
                .map(family -> new MetricFamilySamples(
                        family.name,
                        family.unit,
                        family.type,
                        family.help,
                        family.samples.stream()
                                .filter(sample -> !sample.name.equals(family.name + "_created"))
                                .toList()))
                .toList();
    }
}
