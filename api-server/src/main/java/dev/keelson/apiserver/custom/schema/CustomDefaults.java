package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Fills in, in place, the defaults of a schema: for what is absent, and for a null where null is no value. A null that
 * may not be and has no default is taken away.
 */
public final class CustomDefaults {
    private CustomDefaults() {}

    public static void apply(JsonNode value, Structural schema) {
        switch (value) {
            case ObjectNode object -> fields(object, schema);
            case ArrayNode array ->
                schema.items().ifPresent(items -> {
                    for (int i = 0; i < array.size(); i++) {
                        if (isMeaninglessNull(array.get(i), items)) {
                            array.set(
                                    i,
                                    items.defaultValue()
                                            .<JsonNode>map(JsonNode::deepCopy)
                                            .orElse(array.get(i)));
                        }
                        apply(array.get(i), items);
                    }
                });
            default -> {}
        }
    }

    private static void fields(ObjectNode object, Structural schema) {
        for (Map.Entry<String, JsonNode> property : schema.properties()) {
            Structural below = new Structural(property.getValue());
            JsonNode present = object.path(property.getKey());
            if (present.isMissingNode() || isMeaninglessNull(present, below)) {
                below.defaultValue().ifPresent(value -> object.set(property.getKey(), value.deepCopy()));
            }
        }
        Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            Optional<Structural> below = schema.property(entry.getKey()).or(schema::values);
            if (below.isEmpty()) {
                continue;
            }
            if (isMeaninglessNull(entry.getValue(), below.get())) {
                if (below.get().defaultValue().isEmpty()) {
                    entries.remove();
                    continue;
                }
                entry.setValue(below.get().defaultValue().get().deepCopy());
            }
            apply(entry.getValue(), below.get());
        }
    }

    private static boolean isMeaninglessNull(JsonNode value, Structural schema) {
        boolean typed = !schema.type().isEmpty() || schema.isIntOrString();
        return value.isNull() && !schema.nullable() && typed;
    }
}
