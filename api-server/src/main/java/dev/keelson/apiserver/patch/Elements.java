package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
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

    /** For applied objects, which must identify every element; refusals are worded as structured-merge-diff words them. */
    static Map<String, JsonNode> ofApplied(JsonNode list, Shape shape, String path) {
        Map<String, JsonNode> elements = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode element : list) {
            String place = "%s: element %d: ".formatted(path, index++);
            String step = step(element, shape)
                    .orElseThrow(() -> PatchException.malformed(place + whyUnidentified(element, shape)));
            if (elements.put(step, element) != null) {
                throw PatchException.malformed(
                        "%s: duplicate entries for key %s".formatted(path, PathStep.shown(step)));
            }
        }
        return elements;
    }

    /** The step to an element, when it has what identifies it. */
    static Optional<String> step(JsonNode element, Shape shape) {
        return switch (shape) {
            case Shape.KeyedList list -> PathStep.element(element, list.keys());
            case Shape.SetList set -> element.isValueNode() ? Optional.of(PathStep.value(element)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    static String whyUnidentified(JsonNode element, Shape shape) {
        if (!(shape instanceof Shape.KeyedList list)) {
            return "associative list without keys has an element that's not a scalar";
        }
        if (element.isNull()) {
            return "associative list with keys may not have a null element";
        }
        if (!element.isObject()) {
            return "associative list with keys may not have non-map elements";
        }
        String missing = list.keys().stream()
                .filter(key ->
                        !element.hasNonNull(key.name()) && key.defaultValue().isEmpty())
                .findFirst()
                .orElseThrow()
                .name();
        return "associative list with keys has an element that omits key field \"%s\" (and doesn't have default value)"
                .formatted(missing);
    }
}
