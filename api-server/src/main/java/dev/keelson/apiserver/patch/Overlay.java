package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lays an applied object over the live one. */
final class Overlay {
    private final OwnedFields fields;

    Overlay(OwnedFields fields) {
        this.fields = fields;
    }

    /** The merged value; neither argument is changed. */
    JsonNode merge(JsonNode live, JsonNode applied, Shape shape) {
        if (shape instanceof Shape.Whole) {
            return applied.deepCopy();
        }
        if (live instanceof ObjectNode before && applied instanceof ObjectNode wanted) {
            return objects(before, wanted, shape);
        }
        if (live instanceof ArrayNode before
                && applied instanceof ArrayNode wanted
                && !(shape instanceof Shape.Deduced)) {
            return lists(before, wanted, shape);
        }
        return applied.deepCopy();
    }

    private ObjectNode objects(ObjectNode live, ObjectNode applied, Shape shape) {
        ObjectNode merged = live.deepCopy();
        applied.properties()
                .forEach(entry -> merged.set(
                        entry.getKey(),
                        merge(live.path(entry.getKey()), entry.getValue(), fields.shapeOf(shape, entry.getKey()))));
        return merged;
    }

    private ArrayNode lists(ArrayNode live, ArrayNode applied, Shape shape) {
        Map<String, JsonNode> before = Elements.of(live, shape);
        Map<String, JsonNode> wanted = Elements.of(applied, shape);
        Map<String, JsonNode> merged = new LinkedHashMap<>(before);
        Shape element = fields.elementOf(shape);
        wanted.forEach((step, value) -> merged.put(
                step, before.containsKey(step) ? merge(before.get(step), value, element) : value.deepCopy()));
        ArrayNode result = live.arrayNode();
        List<String> order = ElementOrder.merge(
                List.copyOf(merged.keySet()), List.copyOf(wanted.keySet()), List.copyOf(before.keySet()));
        order.forEach(step -> result.add(merged.get(step)));
        return result;
    }
}
