package dev.keelson.apiserver.schema.generate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The types of {@code metrics.k8s.io/v1beta1}, which no published source has (k8s.io/metrics). */
final class MetricsDefinitions {
    private static final String META = "@io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String PACKAGE = "io.k8s.api.metrics.v1beta1.";

    private MetricsDefinitions() {}

    static Map<String, Definition> all() {
        Map<String, Definition> found = new TreeMap<>();
        Definition.Property usage = property("usage", "{quantity", "What is in use, by resource.", true);
        Definition.Property timestamp = property("timestamp", "time", "The end of the time that was measured.", true);
        Definition.Property window = property("window", "string", "How long was measured.", true);
        Definition.Property metadata = property("metadata", META + "ObjectMeta", "", false);
        define(found, "NodeMetrics", "What a node uses.", true, metadata, timestamp, window, usage);
        define(found, "NodeMetricsList", "What nodes use.", true, list("ListMeta"), items("NodeMetrics"));
        Definition.Property containers =
                property("containers", "[@" + PACKAGE + "ContainerMetrics", "What its containers use.", true);
        define(found, "PodMetrics", "What a pod uses.", true, metadata, timestamp, window, containers);
        define(found, "PodMetricsList", "What pods use.", true, list("ListMeta"), items("PodMetrics"));
        Definition.Property name = property("name", "string", "Name of the container.", true);
        define(found, "ContainerMetrics", "What a container uses.", false, name, usage);
        return found;
    }

    private static Definition.Property list(String meta) {
        return property("metadata", META + meta, "", false);
    }

    private static Definition.Property items(String kind) {
        return property("items", "[@" + PACKAGE + kind, "What was measured.", true);
    }

    private static void define(
            Map<String, Definition> found,
            String kind,
            String description,
            boolean typed,
            Definition.Property... properties) {
        Map<String, Definition.Property> fields = new TreeMap<>();
        List.of(properties).forEach(property -> fields.put(property.name(), property));
        if (typed) {
            List.of("apiVersion", "kind").forEach(name -> fields.put(name, property(name, "string", "", false)));
        }
        found.put(PACKAGE + kind, new Definition(PACKAGE + kind, description, false, fields));
    }

    private static Definition.Property property(String name, String type, String description, boolean required) {
        return new Definition.Property(
                name,
                type,
                description,
                required,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }
}
