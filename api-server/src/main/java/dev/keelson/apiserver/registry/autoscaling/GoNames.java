package dev.keelson.apiserver.registry.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Field names with a capital, which Kubernetes writes into one annotation because it encodes an internal Go type there. */
final class GoNames {
    private GoNames() {}

    static ObjectNode upper(ObjectNode object) {
        return (ObjectNode) renamed(object, name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
    }

    static ObjectNode lower(ObjectNode object) {
        return (ObjectNode) renamed(object, name -> name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
    }

    private static JsonNode renamed(JsonNode value, UnaryOperator<String> rule) {
        return switch (value) {
            case ObjectNode object -> {
                ObjectNode result = object.objectNode();
                object.properties().stream()
                        .filter(field ->
                                !field.getKey().isEmpty() && !field.getValue().isNull())
                        .forEach(field -> result.set(rule.apply(field.getKey()), renamed(field.getValue(), rule)));
                yield result;
            }
            case ArrayNode array -> {
                ArrayNode result = array.arrayNode();
                array.forEach(item -> result.add(renamed(item, rule)));
                yield result;
            }
            default -> value;
        };
    }
}
