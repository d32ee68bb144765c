package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Locale;

/**
 * One metric of an autoscaler in its two forms: version 2 nests what is measured and what is aimed at, version 1 spreads
 * both over the source's own fields. A {@code part} is {@code target} in a spec and {@code current} in a status.
 */
final class MetricForms {
    private static final List<String> NUMBERS = List.of("averageUtilization", "averageValue", "value");

    private MetricForms() {}

    static ObjectNode toVersion1(ObjectNode metric, String part) {
        ObjectNode result = metric.objectNode().put("type", Tree.text(metric, "type"));
        Tree.object(metric, source(metric)).ifPresent(source -> {
            ObjectNode flat = result.putObject(source(metric));
            copy(source, "name", flat, "name");
            copy(source, "container", flat, "container");
            copy(source.path("metric"), "name", flat, "metricName");
            copy(source.path("metric"), "selector", flat, selector(metric));
            copy(source, "describedObject", flat, "target");
            for (String number : NUMBERS) {
                copy(source.path(part), number, flat, flatName(metric, part, number));
            }
        });
        return result;
    }

    static ObjectNode toVersion2(ObjectNode metric, String part) {
        ObjectNode result = metric.objectNode().put("type", Tree.text(metric, "type"));
        Tree.object(metric, source(metric)).ifPresent(flat -> {
            ObjectNode source = result.putObject(source(metric));
            copy(flat, "name", source, "name");
            copy(flat, "container", source, "container");
            copy(flat, "target", source, "describedObject");
            if (flat.has("metricName")) {
                ObjectNode named = source.putObject("metric");
                copy(flat, "metricName", named, "name");
                copy(flat, selector(metric), named, "selector");
            }
            ObjectNode value = source.putObject(part);
            for (String number : NUMBERS) {
                copy(flat, flatName(metric, part, number), value, number);
            }
            if (part.equals("target")) {
                value.put("type", targetType(value));
            }
        });
        return result;
    }

    private static String targetType(ObjectNode target) {
        if (target.has("averageUtilization")) {
            return "Utilization";
        }
        return target.has("averageValue") ? "AverageValue" : "Value";
    }

    /** {@code targetAverageUtilization}, {@code currentValue}; sources about an object drop the first word of averages. */
    private static String flatName(ObjectNode metric, String part, String number) {
        if (source(metric).equals("object") && number.equals("averageValue")) {
            return number;
        }
        return part + number.substring(0, 1).toUpperCase(Locale.ROOT) + number.substring(1);
    }

    private static String selector(ObjectNode metric) {
        return source(metric).equals("external") ? "metricSelector" : "selector";
    }

    /** {@code containerResource} of the type {@code ContainerResource}. */
    private static String source(ObjectNode metric) {
        String type = Tree.text(metric, "type");
        return type.isEmpty() ? type : type.substring(0, 1).toLowerCase(Locale.ROOT) + type.substring(1);
    }

    private static void copy(JsonNode from, String field, ObjectNode to, String name) {
        JsonNode value = from.path(field);
        if (!value.isMissingNode() && !value.isNull()) {
            to.set(name, value);
        }
    }
}
