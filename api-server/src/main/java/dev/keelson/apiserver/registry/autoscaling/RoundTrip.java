package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.Trees;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The annotations in which version 1 of an autoscaler carries what it has no fields for. */
enum RoundTrip {
    METRICS("metrics"),
    METRIC_STATUSES("current-metrics"),
    CONDITIONS("conditions"),
    /** One object, where the others are lists. */
    BEHAVIOR("behavior");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String annotation;

    RoundTrip(String name) {
        this.annotation = "autoscaling.alpha.kubernetes.io/" + name;
    }

    /** What the annotation says; nothing when there is none, or one that cannot be read, as in Kubernetes. */
    List<ObjectNode> read(ObjectNode autoscaler) {
        String text = Tree.text(autoscaler, "metadata", "annotations", annotation);
        try {
            JsonNode value = text.isEmpty() ? JSON.nullNode() : JSON.readTree(text);
            ObjectNode holder = JSON.createObjectNode();
            holder.set("items", value.isObject() ? JSON.createArrayNode().add(value) : value);
            return Tree.objects(holder, "items");
        } catch (JsonProcessingException unreadable) {
            return List.of();
        }
    }

    void write(ObjectNode autoscaler, List<ObjectNode> items) {
        if (items.isEmpty()) {
            return;
        }
        ArrayNode all = JSON.createArrayNode().addAll(items);
        JsonNode value = this == BEHAVIOR ? all.get(0) : all;
        Tree.child(Tree.child(autoscaler, "metadata"), "annotations")
                .put(annotation, new String(Trees.bytes(value), StandardCharsets.UTF_8));
    }

    static void dropAll(ObjectNode autoscaler) {
        Tree.object(autoscaler, "metadata", "annotations").ifPresent(annotations -> {
            for (RoundTrip one : values()) {
                annotations.remove(one.annotation);
            }
            if (annotations.isEmpty()) {
                Tree.child(autoscaler, "metadata").remove("annotations");
            }
        });
    }
}
