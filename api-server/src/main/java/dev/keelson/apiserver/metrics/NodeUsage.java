package dev.keelson.apiserver.metrics;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node's agent said in {@code /metrics/resource} at one moment.
 *
 * @param node of the machine as a whole; empty when it was not told
 */
record NodeUsage(Instant time, Optional<Use> node, Map<Subject, Use> containers) {
    private static final Pattern SAMPLE =
            Pattern.compile("^(container|node)_(cpu_usage_seconds_total|memory_working_set_bytes|start_time_seconds)"
                    + "(?:\\{([^}]*)})? ([-+.0-9eE]+)(?: (\\d+))?$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

    /** A container of a pod. */
    record Subject(String namespace, String pod, String container) {}

    /**
     * @param cpuSeconds time of cores since the start
     * @param memoryBytes working set
     * @param startSeconds since the epoch; 0 when it was not told
     */
    record Use(double cpuSeconds, double memoryBytes, double startSeconds) {
        private static final Use NOTHING = new Use(0, 0, 0);

        private Use with(String metric, double value) {
            return switch (metric) {
                case "cpu_usage_seconds_total" -> new Use(value, memoryBytes, startSeconds);
                case "memory_working_set_bytes" -> new Use(cpuSeconds, value, startSeconds);
                default -> new Use(cpuSeconds, memoryBytes, value);
            };
        }
    }

    NodeUsage {
        containers = Map.copyOf(containers);
    }

    /**
     * @param text in Prometheus' text format; lines about anything else are passed over
     * @param now when samples do not tell their time
     */
    static NodeUsage parse(String text, Instant now) {
        Map<Subject, Use> containers = new java.util.HashMap<>();
        Optional<Use> node = Optional.empty();
        Instant time = now;
        for (String line : text.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                continue;
            }
            double value = Double.parseDouble(sample.group(4));
            String metric = sample.group(2);
            if (sample.group(5) != null) {
                time = Instant.ofEpochMilli(Long.parseLong(sample.group(5)));
            }
            if (sample.group(1).equals("node")) {
                node = Optional.of(node.orElse(Use.NOTHING).with(metric, value));
            } else {
                containers.merge(
                        subject(sample.group(3)),
                        Use.NOTHING.with(metric, value),
                        (before, _) -> before.with(metric, value));
            }
        }
        return new NodeUsage(time, node, containers);
    }

    private static Subject subject(String labels) {
        Map<String, String> values = new TreeMap<>();
        Matcher label = LABEL.matcher(labels == null ? "" : labels);
        while (label.find()) {
            values.put(label.group(1), label.group(2));
        }
        return new Subject(
                values.getOrDefault("namespace", ""),
                values.getOrDefault("pod", ""),
                values.getOrDefault("container", ""));
    }
}
