package dev.keelson.node.stats;

import java.util.Locale;
import java.util.Map;

/** Metrics in Prometheus' text format, version 0.0.4. */
final class MetricsText {
    private final StringBuilder text = new StringBuilder();

    /** Begins a family; its samples follow. */
    MetricsText family(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /** @param time in milliseconds since the epoch */
    MetricsText sample(String name, Map<String, String> labels, double value, long time) {
        text.append(name);
        if (!labels.isEmpty()) {
            String separator = "{";
            for (Map.Entry<String, String> label : labels.entrySet()) {
                text.append(separator).append(label.getKey()).append("=\"").append(escaped(label.getValue()));
                text.append('"');
                separator = ",";
            }
            text.append('}');
        }
        text.append(' ').append(number(value)).append(' ').append(time).append('\n');
        return this;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.9f", value);
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
