package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A list's elements by the step that leads to them. */
final class Elements {
    private Elements() {}

    /** For stored objects: of elements that share an identity the first counts, those without one do not. */
    static Map<String, JsonNode> of(JsonNode list, Shape shape) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        list.forEach(element -> step(element, shape).ifPresent(step -> elements.putIfAbsent(step, element)));
        return elements;
    }

    /** For applied objects, which must identify every element. */
    static Map<String, JsonNode> ofApplied(JsonNode list, Shape shape, String path) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        for (JsonNode element : list) {
            String step = step(element, shape)
                    .orElseThrow(() -> PatchException.malformed(
                            "%s: associative list with keys has an element that omits the key field(s) %s"
                                    .formatted(path, keyNames(shape))));
            if (elements.put(step, element) != null) {
                throw PatchException.malformed(
                        "%s: duplicate entries for key %s".formatted(path, PathStep.shown(step)));
            }
        }
        return elements;
    }

    private static Optional<String> step(JsonNode element, Shape shape) {
        return switch (shape) {
            case Shape.KeyedList list -> PathStep.element(element, list.keys());
            case Shape.SetList set -> element.isValueNode() ? Optional.of(PathStep.value(element)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static List<String> keyNames(Shape shape) {
        return shape instanceof Shape.KeyedList list
                ? list.keys().stream().map(key -> "\"" + key.name() + "\"").toList()
                : List.of();
    }
}
