package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.schema.FieldType.ListOf;
import dev.keelson.apiserver.schema.FieldType.MapOf;
import dev.keelson.apiserver.schema.FieldType.ObjectOf;
import dev.keelson.apiserver.schema.FieldType.Scalar;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a tree what Kubernetes has after decoding it: fields that its type does not have are gone, and so are nulls,
 * which mean absent; a null inside a list or map is the zero value of its type. Quantities are
 * spelled as Kubernetes spells them, so that who writes {@code 0.5} reads {@code 500m}, as everywhere else.
 */
final class Pruning {
    private final TypeCatalog types;

    Pruning(TypeCatalog types) {
        this.types = types;
    }

    void prune(ObjectNode object, ObjectSchema schema) {
        Iterator<Map.Entry<String, JsonNode>> entries = object.properties().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            Optional<FieldSchema> field = schema.field(entry.getKey());
            if (field.isEmpty() || entry.getValue().isNull()) {
                entries.remove();
            } else {
                entry.setValue(pruned(entry.getValue(), field.get().type()));
            }
        }
    }

    private JsonNode pruned(JsonNode value, FieldType type) {
        switch (type) {
            case Scalar scalar -> {
                return scalar == Scalar.QUANTITY && value.isValueNode() ? quantity(value) : value;
            }
            case FieldType.Free free -> {
                return value;
            }
            case ObjectOf reference -> {
                if (value instanceof ObjectNode object) {
                    types.find(reference.definition()).ifPresent(schema -> prune(object, schema));
                }
            }
            case ListOf list -> {
                if (value instanceof ArrayNode array) {
                    for (int i = 0; i < array.size(); i++) {
                        array.set(i, element(array.get(i), list.element(), array));
                    }
                }
            }
            case MapOf map -> {
                if (value instanceof ObjectNode object) {
                    for (Map.Entry<String, JsonNode> entry : object.properties()) {
                        entry.setValue(element(entry.getValue(), map.value(), object));
                    }
                }
            }
        }
        return value;
    }

    private static JsonNode quantity(JsonNode value) {
        return TextNode.valueOf(Quantity.canonical(value.asText()));
    }

    private JsonNode element(
            JsonNode value, FieldType type, com.fasterxml.jackson.databind.node.ContainerNode<?> nodes) {
        if (!value.isNull()) {
            return pruned(value, type);
        }
        return switch (type) {
            case FieldType.Free free -> value;
            case ObjectOf reference -> nodes.objectNode();
            case MapOf map -> nodes.objectNode();
            case ListOf list -> nodes.arrayNode();
            case Scalar scalar ->
                switch (scalar) {
                    case STRING, BYTES -> nodes.textNode("");
                    case INT32, INT64, DOUBLE, INT_OR_STRING -> nodes.numberNode(0);
                    case BOOLEAN -> nodes.booleanNode(false);
                    case QUANTITY -> nodes.textNode("0");
                    case TIME, MICRO_TIME, ANY -> value;
                };
        };
    }
}
