package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.ObjectSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Merges lists whose patch strategy is {@code merge}. */
final class StrategicLists {
    private final StrategicMergePatch objects;

    StrategicLists(StrategicMergePatch objects) {
        this.objects = objects;
    }

    /**
     * What a patch says about one list.
     *
     * @param elements the patch's own list; missing when only directives speak
     * @param deletions values of {@code $deleteFromPrimitiveList}
     * @param order values of {@code $setElementOrder}; objects with only the merge key, or scalars
     */
    record Change(String field, JsonNode elements, List<JsonNode> deletions, List<JsonNode> order) {}

    ArrayNode mergeScalars(ArrayNode current, Change change) {
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        current.forEach(value -> merged.putIfAbsent(value.toString(), value));
        change.deletions().forEach(value -> merged.remove(value.toString()));
        change.elements().forEach(value -> merged.putIfAbsent(value.toString(), value.deepCopy()));
        List<String> before = current.valueStream().map(JsonNode::toString).toList();
        return ordered(merged, change.order().stream().map(JsonNode::toString).toList(), before, current);
    }

    ArrayNode mergeObjects(ArrayNode current, Change change, String key, Optional<ObjectSchema> element) {
        Optional<ArrayNode> replacement = replacement(change.elements(), current);
        if (replacement.isPresent()) {
            return replacement.get();
        }
        List<JsonNode> unkeyed = new ArrayList<>();
        Map<String, JsonNode> merged = new LinkedHashMap<>();
        for (JsonNode value : current) {
            if (!value.has(key) || merged.putIfAbsent(value.get(key).toString(), value) != null) {
                unkeyed.add(value);
            }
        }
        List<String> before = List.copyOf(merged.keySet());
        for (JsonNode value : change.elements()) {
            mergeElement(merged, value, key, change.field(), element);
        }
        List<String> order = change.order().stream()
                .map(value -> identity(value, key, "$setElementOrder/" + change.field()))
                .toList();
        ArrayNode result = ordered(merged, order, before, current);
        // What has no key, or one that another has too, cannot be addressed and stays as it is.
        unkeyed.forEach(result::add);
        return result;
    }

    private void mergeElement(
            Map<String, JsonNode> merged, JsonNode value, String key, String field, Optional<ObjectSchema> element) {
        if (!(value instanceof ObjectNode patch)) {
            throw PatchException.malformed("an element of \"%s\" in the patch is not an object".formatted(field));
        }
        String identity = identity(patch, key, field);
        String directive = patch.path(StrategicMergePatch.DIRECTIVE).asText("merge");
        if (directive.equals("delete")) {
            merged.remove(identity);
        } else if (directive.equals("merge")) {
            ObjectNode target = merged.get(identity) instanceof ObjectNode object ? object : patch.objectNode();
            merged.put(identity, objects.merge(target, patch, element));
        } else {
            throw StrategicMergePatch.unknownDirective(patch);
        }
    }

    /** An element {@code {$patch: replace}} makes the other elements of the patch the whole list. */
    private static Optional<ArrayNode> replacement(JsonNode elements, ArrayNode nodes) {
        boolean replaces = elements.valueStream()
                .anyMatch(value ->
                        value.path(StrategicMergePatch.DIRECTIVE).asText().equals("replace"));
        if (!replaces) {
            return Optional.empty();
        }
        ArrayNode result = nodes.arrayNode();
        for (JsonNode value : elements) {
            if (value instanceof ObjectNode object) {
                ObjectNode plain = StrategicMergePatch.withoutDirectives(object);
                if (!plain.isEmpty()) {
                    result.add(plain);
                }
            }
        }
        return Optional.of(result);
    }

    private static String identity(JsonNode value, String key, String field) {
        JsonNode found = value.path(key);
        if (!found.isValueNode() || found.isNull()) {
            throw PatchException.malformed(
                    "an element of \"%s\" in the patch does not contain the merge key \"%s\"".formatted(field, key));
        }
        return found.toString();
    }

    private static ArrayNode ordered(
            Map<String, JsonNode> merged, List<String> order, List<String> before, ArrayNode nodes) {
        ArrayNode result = nodes.arrayNode();
        List<String> present = List.copyOf(merged.keySet());
        List<String> sequence = order.isEmpty() ? present : ElementOrder.merge(present, order, before);
        sequence.forEach(identity -> result.add(merged.get(identity)));
        return result;
    }
}
