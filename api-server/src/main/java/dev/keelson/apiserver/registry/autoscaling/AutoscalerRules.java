package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Map;

/** What a valid autoscaler is (Kubernetes' {@code autoscaling/validation}). */
final class AutoscalerRules {
    private static final Map<String, String> SOURCES = Map.of(
            "ContainerResource", "containerResource",
            "External", "external",
            "Object", "object",
            "Pods", "pods",
            "Resource", "resource");
    private static final List<String> TARGETS = List.of("AverageValue", "Utilization", "Value");
    private static final int LONGEST_WINDOW = 3600;
    private static final int LONGEST_PERIOD = 1800;

    private AutoscalerRules() {}

    static void validate(ObjectNode autoscaler, Problems problems) {
        JsonNode spec = autoscaler.path("spec");
        JsonNode lowest = spec.path("minReplicas");
        JsonNode highest = spec.path("maxReplicas");
        if (lowest.isNumber() && lowest.asLong() < 1) {
            problems.invalid("spec.minReplicas", lowest, "must be greater than or equal to 1");
        }
        if (highest.asLong(0) < 1) {
            problems.invalid("spec.maxReplicas", highest, "must be greater than 0");
        }
        if (lowest.isNumber() && highest.asLong(0) < lowest.asLong()) {
            problems.invalid("spec.maxReplicas", highest, "must be greater than or equal to `minReplicas`");
        }
        reference(spec.path("scaleTargetRef"), "spec.scaleTargetRef", problems);
        Tree.items(spec.path("metrics"), "spec.metrics").forEach(item -> metric(item, problems));
        for (String direction : List.of("scaleUp", "scaleDown")) {
            JsonNode rules = Tree.at(spec, "behavior", direction);
            if (rules.isObject()) {
                behavior(rules, "spec.behavior." + direction, problems);
            }
        }
    }

    private static void reference(JsonNode reference, String path, Problems problems) {
        for (String field : List.of("kind", "name")) {
            if (problems.requireText(path, reference, field, "")) {
                problems.named(path + "." + field, reference.path(field), NameRule.PATH_SEGMENT);
            }
        }
    }

    private static void metric(Tree.Item item, Problems problems) {
        JsonNode metric = item.value();
        String type = Tree.text(metric, "type");
        if (type.isEmpty()) {
            problems.required(item.path() + ".type", "must specify a metric source type");
            return;
        }
        String field = SOURCES.getOrDefault(type, "");
        if (field.isEmpty()) {
            problems.notSupported(
                    item.path() + ".type",
                    metric.path("type"),
                    SOURCES.keySet().stream().sorted().toList());
            return;
        }
        SOURCES.values().stream()
                .filter(other -> !other.equals(field) && metric.path(other).isObject())
                .sorted()
                .forEach(other ->
                        problems.forbidden(item.path() + "." + other, "must populate the given metric source only"));
        JsonNode source = metric.path(field);
        String path = item.path() + "." + field;
        if (!source.isObject()) {
            problems.required(path, "must populate information for the given metric source");
            return;
        }
        switch (field) {
            case "resource" -> problems.requireText(path, source, "name", "must specify a resource name");
            case "containerResource" -> {
                problems.requireText(path, source, "name", "must specify a resource name");
                if (problems.requireText(path, source, "container", "must specify a container")) {
                    problems.named(path + ".container", source.path("container"), NameRule.DNS_LABEL);
                }
            }
            case "object" -> {
                reference(source.path("describedObject"), path + ".describedObject", problems);
                identifier(source.path("metric"), path + ".metric", problems);
            }
            default -> identifier(source.path("metric"), path + ".metric", problems);
        }
        target(field, source.path("target"), path + ".target", problems);
    }

    private static void identifier(JsonNode metric, String path, Problems problems) {
        if (problems.requireText(path, metric, "name", "must specify a metric name")) {
            problems.named(path + ".name", metric.path("name"), NameRule.PATH_SEGMENT);
        }
    }

    private static void target(String source, JsonNode target, String path, Problems problems) {
        if (Tree.text(target, "type").isEmpty()) {
            problems.required(path + ".type", "must specify a metric target type");
        }
        if (!TARGETS.contains(Tree.text(target, "type"))) {
            problems.invalid(
                    path + ".type", Tree.text(target, "type"), "must be either Utilization, Value, or AverageValue");
        }
        problems.positive(path + ".averageUtilization", target.path("averageUtilization"));
        for (String field : List.of("value", "averageValue")) {
            Quantity.parse(target.path(field))
                    .filter(amount -> amount.signum() <= 0)
                    .ifPresent(amount -> problems.invalid(path + "." + field, target.path(field), "must be positive"));
        }
        boolean utilization = Tree.has(target, "averageUtilization");
        boolean average = Tree.has(target, "averageValue");
        boolean value = Tree.has(target, "value");
        switch (source) {
            case "resource", "containerResource" -> {
                if (!utilization && !average) {
                    problems.required(
                            path + ".averageUtilization", "must set either a target raw value or a target utilization");
                } else if (utilization && average) {
                    problems.forbidden(
                            path + ".averageValue", "may not set both a target raw value and a target utilization");
                }
            }
            case "pods" -> {
                if (!average) {
                    problems.required(path + ".averageValue", "must specify a positive target averageValue");
                }
            }
            default -> {
                if (!value && !average) {
                    problems.required(
                            path + ".averageValue",
                            source.equals("object")
                                    ? "must set either a target value or averageValue"
                                    : "must set either a target value for metric or a per-pod target");
                } else if (value && average && source.equals("external")) {
                    problems.forbidden(
                            path + ".value", "may not set both a target value for metric and a per-pod target");
                }
            }
        }
    }

    private static void behavior(JsonNode rules, String path, Problems problems) {
        JsonNode window = rules.path("stabilizationWindowSeconds");
        if (window.asLong(0) < 0) {
            problems.invalid(path + ".stabilizationWindowSeconds", window, "must be greater than or equal to zero");
        }
        if (window.asLong(0) > LONGEST_WINDOW) {
            problems.invalid(
                    path + ".stabilizationWindowSeconds", window, "must be less than or equal to " + LONGEST_WINDOW);
        }
        problems.oneOf(path + ".selectPolicy", rules.path("selectPolicy"), List.of("Disabled", "Max", "Min"));
        Tree.items(rules.path("policies"), path + ".policies").forEach(item -> {
            problems.oneOf(item.path() + ".type", item.value().path("type"), List.of("Percent", "Pods"));
            JsonNode period = item.value().path("periodSeconds");
            for (String field : List.of("value", "periodSeconds")) {
                if (item.value().path(field).asLong(0) <= 0) {
                    problems.invalid(item.path() + "." + field, item.value().path(field), "must be greater than zero");
                }
            }
            if (period.asLong(0) > LONGEST_PERIOD) {
                problems.invalid(
                        item.path() + ".periodSeconds", period, "must be less than or equal to " + LONGEST_PERIOD);
            }
        });
    }
}
