package dev.keelson.apiserver.registry.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Autoscalers of version 1 as version 2 sees them, and back. */
class AutoscalerConversionTest {
    private static final String FULL = """
            metadata: {name: web, annotations: {own: kept}}
            spec:
              maxReplicas: 5
              metrics:
              - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}
              - {type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1Gi}}}
              - {type: ContainerResource, containerResource: {name: cpu, container: a, target: {type: Utilization, averageUtilization: 5}}}
              - {type: Pods, pods: {metric: {name: rps}, target: {type: AverageValue, averageValue: 1k}}}
              - {type: Object, object: {metric: {name: hits, selector: {matchLabels: {a: b}}}, describedObject: {kind: Service, name: x}, target: {type: Value, value: "7"}}}
              - {type: External, external: {metric: {name: queue, selector: {matchLabels: {q: r}}}, target: {type: AverageValue, averageValue: "30"}}}
              behavior: {scaleDown: {stabilizationWindowSeconds: 60, policies: [{type: Pods, value: 1, periodSeconds: 60}]}}
            status:
              currentReplicas: 1
              desiredReplicas: 2
              currentMetrics:
              - {type: Resource, resource: {name: cpu, current: {averageUtilization: 40, averageValue: 100m}}}
              conditions:
              - {type: AbleToScale, status: "True", reason: R}
            """;

    @Test
    void nothingIsLostOnTheWayThroughVersion1() {
        ObjectNode original = yaml(FULL);
        ObjectNode back = toVersion2(toVersion1(original.deepCopy()));
        assertThat(back).isEqualTo(original);
    }

    @Test
    void version1HasTheCpuInFieldsAndTheRestInAnnotations() {
        ObjectNode shown = toVersion1(yaml(FULL));
        assertThat(shown.at("/spec/targetCPUUtilizationPercentage").asInt()).isEqualTo(70);
        assertThat(shown.at("/status/currentCPUUtilizationPercentage").asInt()).isEqualTo(40);
        assertThat(shown.path("spec").has("metrics")).isFalse();
        assertThat(shown.path("spec").has("behavior")).isFalse();
        assertThat(shown.path("status").has("conditions")).isFalse();
        ObjectNode annotations = (ObjectNode) shown.at("/metadata/annotations");
        assertThat(annotations.path("own").asText()).isEqualTo("kept");
        assertThat(annotations.path("autoscaling.alpha.kubernetes.io/metrics").asText())
                .contains("{\"type\":\"Resource\",\"resource\":{\"name\":\"memory\",\"targetAverageValue\":\"1Gi\"}}")
                .contains("\"metricName\":\"hits\"")
                .contains("\"metricSelector\":{\"matchLabels\":{\"q\":\"r\"}}")
                .doesNotContain("averageUtilization\":70");
        assertThat(annotations.path("autoscaling.alpha.kubernetes.io/behavior").asText())
                .startsWith("{\"ScaleDown\":{\"StabilizationWindowSeconds\":60,\"Policies\":[{\"Type\":\"Pods\"");
    }

    @Test
    void whatKubectlAutoscaleSendsAimsAtTheCpu() {
        ObjectNode stored = toVersion2(yaml("spec: {maxReplicas: 3, targetCPUUtilizationPercentage: 60}"));
        assertThat(stored).isEqualTo(yaml("""
                spec:
                  maxReplicas: 3
                  metrics:
                  - {type: Resource, resource: {name: cpu, target: {averageUtilization: 60, type: Utilization}}}
                """));
    }

    @Test
    void annotationsThatFitNoTypeAreDropped() {
        for (String metrics : List.of(
                "{", "[1]", "[{\"type\":\"Pods\",\"pods\":{\"metricName\":7}}]", "\"text\"", "[{\"type\":{}}]")) {
            ObjectNode autoscaler = yaml("spec: {maxReplicas: 3}");
            autoscaler
                    .putObject("metadata")
                    .putObject("annotations")
                    .put("autoscaling.alpha.kubernetes.io/metrics", metrics)
                    .put("autoscaling.alpha.kubernetes.io/behavior", "{\"ScaleDown\":7}");
            ObjectNode stored = toVersion2(autoscaler);
            assertThat(stored.path("spec").has("behavior")).isFalse();
            assertThat(stored.at("/spec/metrics/0/pods").isMissingNode())
                    .as(metrics)
                    .isTrue();
            assertThat(stored.path("metadata").has("annotations")).isFalse();
        }
    }

    private static ObjectNode toVersion1(ObjectNode autoscaler) {
        return AutoscalerConversion.OF_VERSION_1.toServed().apply(autoscaler);
    }

    private static ObjectNode toVersion2(ObjectNode autoscaler) {
        return AutoscalerConversion.OF_VERSION_1.toStored().apply(autoscaler);
    }

    private static ObjectNode yaml(String text) {
        try {
            return (ObjectNode) new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
