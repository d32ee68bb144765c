package dev.keelson.apiserver.schema.generate;

import static dev.keelson.apiserver.schema.generate.WrittenDefinitions.metadata;
import static dev.keelson.apiserver.schema.generate.WrittenDefinitions.property;

import java.util.Map;

/** The types of {@code metrics.k8s.io/v1beta1}, which no published source has (k8s.io/metrics). */
final class MetricsDefinitions {
    private MetricsDefinitions() {}

    static Map<String, Definition> all() {
        WrittenDefinitions written = new WrittenDefinitions("io.k8s.api.metrics.v1beta1.");
        Definition.Property usage = property("usage", "{quantity", "What is in use, by resource.", true);
        Definition.Property timestamp = property("timestamp", "time", "The end of the time that was measured.", true);
        Definition.Property window = property("window", "string", "How long was measured.", true);
        Definition.Property object = metadata("ObjectMeta");
        Definition.Property list = metadata("ListMeta");
        written.kind("NodeMetrics", "What a node uses.", object, timestamp, window, usage);
        written.kind(
                "NodeMetricsList",
                "What nodes use.",
                list,
                written.listOf("items", "NodeMetrics", "What was measured."));
        Definition.Property containers = written.listOf("containers", "ContainerMetrics", "What its containers use.");
        written.kind("PodMetrics", "What a pod uses.", object, timestamp, window, containers);
        written.kind(
                "PodMetricsList", "What pods use.", list, written.listOf("items", "PodMetrics", "What was measured."));
        written.define(
                "ContainerMetrics",
                "What a container uses.",
                property("name", "string", "Name of the container.", true),
                usage);
        return written.all();
    }
}
