package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Refuses repetition in lists that are declared as sets or as maps by key. */
record ListRules(ValueProblems problems) {

    void check(JsonNode value, Structural schema, String path) {
        switch (value) {
            case ObjectNode object ->
                object.properties().forEach(entry -> {
                    String name = entry.getKey();
                    schema.property(name)
                            .ifPresentOrElse(
                                    below -> check(entry.getValue(), below, ValueCheck.child(path, name)),
                                    () -> schema.values()
                                            .ifPresent(
                                                    below -> check(entry.getValue(), below, path + "[" + name + "]")));
                });
            case ArrayNode array -> {
                unique(array, schema, path);
                schema.items().ifPresent(items -> {
                    for (int i = 0; i < array.size(); i++) {
                        check(array.get(i), items, path + "[" + i + "]");
                    }
                });
            }
            default -> {}
        }
    }

    private void unique(ArrayNode array, Structural schema, String path) {
        boolean map = schema.listType().equals("map");
        if (!map && !schema.listType().equals("set")) {
            return;
        }
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode identity = map ? keys(array.get(i), schema) : array.get(i);
            if (!seen.add(identity)) {
                problems.duplicate(path + "[" + i + "]", identity);
            }
        }
    }

    private static ObjectNode keys(JsonNode element, Structural list) {
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        for (String key : list.listMapKeys()) {
            Optional.ofNullable(element.get(key)).ifPresent(value -> keys.set(key, value));
        }
        return keys;
    }
}
