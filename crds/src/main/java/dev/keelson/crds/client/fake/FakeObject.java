package dev.keelson.crds.client.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One object as the fake stores it: its JSON tree, and readings of the fields that the API's rules look at. */
record FakeObject(ObjectNode tree) {

    FakeObject copy() {
        return new FakeObject(tree.deepCopy());
    }

    FakeObject metadataOnly() {
        ObjectNode partial = tree.deepCopy();
        partial.retain("metadata");
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        return new FakeObject(partial);
    }

    ObjectNode metadata() {
        return tree.withObject("/metadata");
    }

    String meta(String field) {
        return metadata().path(field).asText("");
    }

    long revision() {
        return metadata().path("resourceVersion").asLong();
    }

    boolean deleting() {
        return metadata().hasNonNull("deletionTimestamp");
    }

    /** Whether something must still happen before a deletion that has begun can be completed. */
    boolean heldBack() {
        return !metadata().path("finalizers").isEmpty()
                || !tree.at("/spec/finalizers").isEmpty()
                || metadata().path("deletionGracePeriodSeconds").asLong() > 0;
    }

    Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>();
        metadata()
                .path("labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        return labels;
    }

    /** Field selectors are simple: {@code path=value} or {@code path!=value}, separated by commas. */
    boolean matchesFields(String selector) {
        for (String part : selector.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            boolean unequal = part.contains("!=");
            String[] sides = part.split(unequal ? "!=" : "==?", 2);
            JsonNode value = tree.at("/" + sides[0].strip().replace('.', '/'));
            if (value.asText("").equals(sides[1].strip()) == unequal) {
                return false;
            }
        }
        return true;
    }

    boolean specDiffers(FakeObject other) {
        return !without(tree).equals(without(other.tree));
    }

    /** Whether metadata says something else, beside what every write changes. */
    boolean metadataDiffers(FakeObject other) {
        return !lasting(metadata()).equals(lasting(other.metadata()));
    }

    private static ObjectNode lasting(ObjectNode metadata) {
        return metadata.deepCopy().without(List.of("resourceVersion", "generation", "managedFields"));
    }

    private static ObjectNode without(ObjectNode tree) {
        ObjectNode rest = tree.deepCopy();
        rest.remove("metadata");
        rest.remove("status");
        return rest;
    }
}
