package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads and completes object trees without ever failing on a value of the wrong type: such a value counts as absent
 * here, because the schema is what reports it.
 */
public final class Tree {
    private Tree() {}

    /** The value at a path of field names; a missing node when there is none. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode value = node;
        for (String step : path) {
            value = value.path(step);
        }
        return value;
    }

    /** The text at a path, empty when there is none. */
    public static String text(JsonNode node, String... path) {
        JsonNode value = at(node, path);
        return value.isTextual() ? value.textValue() : "";
    }

    /** The number at a path when it is a whole number that fits. */
    public static Optional<Long> number(JsonNode node, String... path) {
        JsonNode value = at(node, path);
        return value.isIntegralNumber() && value.canConvertToLong() ? Optional.of(value.longValue()) : Optional.empty();
    }

    public static boolean isTrue(JsonNode node, String... path) {
        return at(node, path).asBoolean(false);
    }

    /** Whether there is a value that is neither null nor an empty text. */
    public static boolean has(JsonNode node, String... path) {
        JsonNode value = at(node, path);
        return !isAbsent(value);
    }

    static boolean isAbsent(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || value.isTextual() && value.textValue().isEmpty();
    }

    /** The object at a path, when there is one. */
    public static Optional<ObjectNode> object(JsonNode node, String... path) {
        return at(node, path) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
    }

    /** The objects of an array. */
    public static List<ObjectNode> objects(JsonNode node, String... path) {
        return at(node, path)
                .valueStream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    /** The texts of an array. */
    public static List<String> texts(JsonNode node, String... path) {
        return at(node, path)
                .valueStream()
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .toList();
    }

    /** An element of an array with its path, such as {@code spec.containers[0]}. */
    public record Item(String path, JsonNode value) {}

    /** The elements of an array; none when there is no array. */
    public static Stream<Item> items(JsonNode array, String path) {
        return array instanceof ArrayNode
                ? IntStream.range(0, array.size()).mapToObj(i -> new Item(path + "[" + i + "]", array.get(i)))
                : Stream.empty();
    }

    /** The object of a field, which is created when absent; a detached one when the field holds something else. */
    public static ObjectNode child(ObjectNode parent, String field) {
        JsonNode value = parent.path(field);
        if (value instanceof ObjectNode object) {
            return object;
        }
        ObjectNode created = parent.objectNode();
        if (isAbsent(value)) {
            parent.set(field, created);
        }
        return created;
    }

    public static void setDefault(ObjectNode object, String field, String value) {
        if (isAbsent(object.path(field))) {
            object.put(field, value);
        }
    }

    public static void setDefault(ObjectNode object, String field, int value) {
        if (isAbsent(object.path(field))) {
            object.put(field, value);
        }
    }

    public static void setDefault(ObjectNode object, String field, boolean value) {
        if (isAbsent(object.path(field))) {
            object.put(field, value);
        }
    }

    /** Makes a field of the target what it is in the source; absent there means absent here. */
    public static void carry(ObjectNode target, JsonNode source, String field) {
        JsonNode value = source.path(field);
        if (value.isMissingNode()) {
            target.remove(field);
        } else {
            target.set(field, value.deepCopy());
        }
    }

    /** Whether there is a value that is not null. */
    public static boolean isThere(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    /** Whether a value says anything: absent, null, empty and false do not. Zero does, for what may be absent. */
    public static boolean isSaid(JsonNode value) {
        return !isEmpty(value) && !(value.isBoolean() && !value.booleanValue());
    }

    /** Whether two values mean the same: absent, null and empty are equal, as Go's semantic DeepEqual has it. */
    public static boolean same(JsonNode left, JsonNode right) {
        return isEmpty(left) ? isEmpty(right) : left.equals(right);
    }

    private static boolean isEmpty(JsonNode value) {
        return isAbsent(value) || value.isContainerNode() && value.isEmpty();
    }
}
