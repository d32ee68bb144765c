package dev.keelson.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.apiserver.metrics.MeasuredNode.Amount;
import dev.keelson.apiserver.metrics.NodeUsage.Subject;
import dev.keelson.apiserver.metrics.NodeUsage.Use;
import dev.keelson.apiserver.registry.ApiFailure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NodeMeasurementsTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:00Z");
    private static final Subject APP = new Subject("shop", "web", "app");

    private static NodeUsage usage(Instant time, double nodeCpu, Map<Subject, Use> containers) {
        return new NodeUsage(time, Optional.of(new Use(nodeCpu, 4096, 0)), containers);
    }

    private static Use use(double cpu, Instant startedAt) {
        return new Use(cpu, 2048, startedAt.toEpochMilli() / 1e3);
    }

    @Test
    void textOfAnAgentIsRead() {
        NodeUsage usage = NodeUsage.parse("""
                # HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time
                node_cpu_usage_seconds_total 12.5 1767323045678
                node_memory_working_set_bytes 4.096e+09 1767323045678
                container_cpu_usage_seconds_total{container="app",namespace="shop",pod="web"} 1.25 1767323045678
                container_memory_working_set_bytes{container="app",namespace="shop",pod="web"} 3000 1767323045678
                container_start_time_seconds{container="app",namespace="shop",pod="web"} 1767323000.5
                pod_cpu_usage_seconds_total{namespace="shop",pod="web"} 9
                rubbish {
                """, START);
        assertThat(usage.time()).isEqualTo(Instant.ofEpochMilli(1767323045678L));
        assertThat(usage.node()).contains(new Use(12.5, 4.096e9, 0));
        assertThat(usage.containers()).isEqualTo(Map.of(APP, new Use(1.25, 3000, 1767323000.5)));
    }

    @Test
    void useIsTheDifferenceOfCounters() {
        MeasuredNode measured = MeasuredNode.between(
                usage(START, 10, Map.of(APP, use(1, START.minusSeconds(9)))),
                usage(START.plusSeconds(4), 14, Map.of(APP, use(2, START.minusSeconds(9)))));
        assertThat(measured.window()).isEqualTo(Duration.ofSeconds(4));
        assertThat(measured.node()).contains(new Amount(1_000_000_000, 4096));
        assertThat(measured.containers()).isEqualTo(Map.of(APP, new Amount(250_000_000, 2048)));
    }

    @Test
    void containerThatBeganWithinTheWindowIsMeasuredFromItsBeginning() {
        MeasuredNode measured = MeasuredNode.between(
                usage(START, 10, Map.of(APP, use(100, START.minusSeconds(9)))),
                usage(START.plusSeconds(4), 14, Map.of(APP, use(1, START.plusSeconds(2)))));
        assertThat(measured.containers()).isEqualTo(Map.of(APP, new Amount(500_000_000, 2048)));
    }

    /** A clock that the test moves. */
    private static final class Hand extends Clock {
        private Instant now = START;

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @Test
    void nodeIsAskedAgainOnlyWhenItsAnswerIsOld() {
        Hand clock = new Hand();
        AtomicInteger asked = new AtomicInteger();
        NodeMeasurements measurements = new NodeMeasurements(
                _ -> {
                    int time = asked.getAndIncrement();
                    return "node_cpu_usage_seconds_total %d %d\n"
                            .formatted(time, START.plusSeconds(time).toEpochMilli());
                },
                clock);
        assertThat(measurements.of("n").orElseThrow().node().orElseThrow().nanoCores())
                .isEqualTo(1_000_000_000);
        // The first time takes two looks.
        assertThat(asked).hasValue(2);
        clock.now = START.plusSeconds(4);
        measurements.of("n");
        assertThat(asked).hasValue(2);
        clock.now = START.plusSeconds(6);
        measurements.of("n");
        assertThat(asked).hasValue(3);
    }

    @Test
    void nodeThatDoesNotAnswerHasNoMeasurement() {
        NodeMeasurements measurements = new NodeMeasurements(
                _ -> {
                    throw ApiFailure.unavailable("away");
                },
                Clock.systemUTC());
        assertThat(measurements.of("n")).isEmpty();
    }
}
