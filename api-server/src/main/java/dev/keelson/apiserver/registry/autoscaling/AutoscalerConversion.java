package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.ServedVersion.Conversion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Between {@code autoscaling/v1} and {@code v2} (Kubernetes' {@code pkg/apis/autoscaling/v1/conversion.go}): version 1
 * has a field for the CPU alone, so it carries everything else in annotations.
 */
final class AutoscalerConversion {
    static final Conversion OF_VERSION_1 =
            new Conversion(AutoscalerConversion::toVersion2, AutoscalerConversion::toVersion1);

    private static final String CPU_TARGET = "targetCPUUtilizationPercentage";
    private static final String CPU_CURRENT = "currentCPUUtilizationPercentage";

    private AutoscalerConversion() {}

    private static ObjectNode toVersion2(ObjectNode autoscaler) {
        Tree.object(autoscaler, "spec").ifPresent(spec -> specToVersion2(spec, autoscaler));
        List<ObjectNode> current = CarriedForms.sound(
                "status",
                "currentMetrics",
                RoundTrip.METRIC_STATUSES.read(autoscaler).stream()
                        .map(metric -> MetricForms.toVersion2(metric, "current"))
                        .toList());
        List<ObjectNode> conditions = CarriedForms.sound("status", "conditions", RoundTrip.CONDITIONS.read(autoscaler));
        Tree.object(autoscaler, "status").ifPresent(status -> {
            Optional<Long> cpu = Tree.number(status, CPU_CURRENT);
            status.remove(CPU_CURRENT);
            List<ObjectNode> alone =
                    cpu.map(percent -> cpu(status, "current", percent)).stream().toList();
            setAll(status, "currentMetrics", current.isEmpty() ? alone : current);
            setAll(status, "conditions", conditions);
        });
        RoundTrip.dropAll(autoscaler);
        return autoscaler;
    }

    private static void specToVersion2(ObjectNode spec, ObjectNode autoscaler) {
        List<ObjectNode> metrics = new ArrayList<>();
        Tree.number(spec, CPU_TARGET).ifPresent(percent -> metrics.add(cpu(spec, "target", percent)));
        spec.remove(CPU_TARGET);
        metrics.addAll(CarriedForms.sound(
                "spec",
                "metrics",
                RoundTrip.METRICS.read(autoscaler).stream()
                        .map(metric -> MetricForms.toVersion2(metric, "target"))
                        .toList()));
        setAll(spec, "metrics", metrics);
        RoundTrip.BEHAVIOR.read(autoscaler).stream()
                .findFirst()
                .flatMap(behavior -> CarriedForms.sound("spec", "behavior", GoNames.lower(behavior)))
                .ifPresent(behavior -> spec.set("behavior", behavior));
    }

    private static ObjectNode toVersion1(ObjectNode autoscaler) {
        RoundTrip.dropAll(autoscaler);
        Tree.object(autoscaler, "spec").ifPresent(spec -> specToVersion1(spec, autoscaler));
        Tree.object(autoscaler, "status").ifPresent(status -> {
            List<ObjectNode> metrics = Tree.objects(status, "currentMetrics");
            metrics.stream()
                    .flatMap(metric -> utilization(metric, "current").stream())
                    .findFirst()
                    .ifPresent(percent -> status.put(CPU_CURRENT, percent));
            RoundTrip.METRIC_STATUSES.write(
                    autoscaler,
                    metrics.stream()
                            .map(metric -> MetricForms.toVersion1(metric, "current"))
                            .toList());
            RoundTrip.CONDITIONS.write(autoscaler, Tree.objects(status, "conditions"));
            status.remove(List.of("currentMetrics", "conditions"));
        });
        return autoscaler;
    }

    private static void specToVersion1(ObjectNode spec, ObjectNode autoscaler) {
        List<ObjectNode> others = new ArrayList<>();
        for (ObjectNode metric : Tree.objects(spec, "metrics")) {
            Optional<Integer> cpu = utilization(metric, "target");
            if (cpu.isPresent()) {
                spec.put(CPU_TARGET, cpu.get());
            } else {
                others.add(MetricForms.toVersion1(metric, "target"));
            }
        }
        RoundTrip.METRICS.write(autoscaler, others);
        Tree.object(spec, "behavior")
                .ifPresent(behavior -> RoundTrip.BEHAVIOR.write(autoscaler, List.of(GoNames.upper(behavior))));
        spec.remove(List.of("metrics", "behavior"));
    }

    /** How much of the CPU a metric is about; empty for every other metric. */
    private static Optional<Integer> utilization(ObjectNode metric, String part) {
        boolean cpu = Tree.text(metric, "type").equals("Resource")
                && Tree.text(metric, "resource", "name").equals("cpu");
        return cpu ? Tree.number(metric, "resource", part, "averageUtilization").map(Long::intValue) : Optional.empty();
    }

    private static ObjectNode cpu(ObjectNode nodes, String part, long percent) {
        ObjectNode metric = nodes.objectNode().put("type", "Resource");
        ObjectNode value = metric.putObject("resource")
                .put("name", "cpu")
                .putObject(part)
                .put("averageUtilization", (int) percent);
        if (part.equals("target")) {
            value.put("type", "Utilization");
        }
        return metric;
    }

    private static void setAll(ObjectNode parent, String field, List<ObjectNode> items) {
        if (!items.isEmpty()) {
            ArrayNode list = parent.putArray(field);
            items.forEach(list::add);
        }
    }
}
