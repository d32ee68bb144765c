package dev.keelson.apiserver.metrics;

import dev.keelson.apiserver.metrics.NodeUsage.Subject;
import dev.keelson.apiserver.metrics.NodeUsage.Use;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Use over a stretch of time, from the counters at its two ends.
 *
 * @param time its end
 */
record MeasuredNode(Instant time, Duration window, Optional<Amount> node, Map<Subject, Amount> containers) {
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    /**
     * @param nanoCores billionths of a core, on average over the window
     * @param memoryBytes working set at its end
     */
    record Amount(long nanoCores, long memoryBytes) {}

    MeasuredNode {
        containers = Map.copyOf(containers);
    }

    /**
     * A container that began within the window is measured from its beginning; one whose counters went back, because it
     * began anew, likewise.
     */
    static MeasuredNode between(NodeUsage before, NodeUsage after) {
        double from = seconds(before.time());
        double to = seconds(after.time());
        Map<Subject, Amount> containers = new HashMap<>();
        after.containers().forEach((subject, use) -> {
            Optional<Use> earlier = Optional.ofNullable(before.containers().get(subject))
                    .filter(old -> old.startSeconds() == use.startSeconds() && old.cpuSeconds() <= use.cpuSeconds());
            if (earlier.isPresent()) {
                containers.put(
                        subject, amount(use, use.cpuSeconds() - earlier.get().cpuSeconds(), to - from));
            } else if (use.startSeconds() > 0 && use.startSeconds() < to) {
                containers.put(subject, amount(use, use.cpuSeconds(), to - use.startSeconds()));
            }
        });
        Optional<Amount> node = after.node()
                .flatMap(use -> before.node().map(old -> amount(use, use.cpuSeconds() - old.cpuSeconds(), to - from)));
        return new MeasuredNode(after.time(), Duration.between(before.time(), after.time()), node, containers);
    }

    private static Amount amount(Use use, double cpuSeconds, double seconds) {
        return new Amount(Math.max(0, Math.round(cpuSeconds / seconds * NANOS)), Math.round(use.memoryBytes()));
    }

    private static double seconds(Instant moment) {
        return moment.toEpochMilli() / MILLIS;
    }
}
