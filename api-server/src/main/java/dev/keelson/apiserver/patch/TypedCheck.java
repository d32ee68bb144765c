package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.FieldSchema;
import dev.keelson.apiserver.schema.FieldType;
import dev.keelson.apiserver.schema.ObjectSchema;
import dev.keelson.apiserver.schema.Schemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Why an applied object is not of its type, in the words and the order of structured-merge-diff's {@code
 * validatingObjectWalker}: fields that are not declared, values of another kind, list elements without an identity of
 * their own. One undeclared field ends the look at its object, one element without a key that at its list.
 */
final class TypedCheck {
    private static final int LIMIT = 100;

    private final Schemas schemas;
    private final Shapes shapes;
    private final List<String> errors = new ArrayList<>();

    private TypedCheck(Schemas schemas, Shapes shapes) {
        this.schemas = schemas;
        this.shapes = shapes;
    }

    /** What is wrong, as one text; empty when nothing is. */
    static Optional<String> problem(ObjectNode object, Schemas schemas, Shapes shapes) {
        if (!(shapes.ofObject(object) instanceof Shape.Struct(ObjectSchema schema))) {
            return Optional.empty();
        }
        TypedCheck check = new TypedCheck(schemas, shapes);
        check.struct(object, schema, "");
        return switch (check.errors.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(check.errors.getFirst());
            default -> Optional.of("errors:\n  " + String.join("\n  ", check.errors));
        };
    }

    private void add(String path, String words) {
        if (errors.size() < LIMIT) {
            errors.add(path + ": " + words);
        }
    }

    private void struct(JsonNode value, ObjectSchema schema, String path) {
        if (!isObject(value, path) || schema.fields().isEmpty()) {
            // Of an object without declared fields nothing is known.
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            String at = path + "." + entry.getKey();
            Optional<FieldSchema> field = schema.field(entry.getKey());
            if (field.isPresent()) {
                field(entry.getValue(), field.get(), at);
            } else if (!schema.open()) {
                add(at, "field not declared in schema");
                return;
            }
        }
    }

    private void field(JsonNode value, FieldSchema field, String path) {
        if (field.type() instanceof FieldType.ListOf(FieldType element)) {
            list(value, element, shapes.of(field), path);
        } else {
            value(value, field.type(), path);
        }
    }

    private void value(JsonNode value, FieldType type, String path) {
        if (value.isNull()) {
            return;
        }
        switch (type) {
            case FieldType.Scalar scalar -> scalar(value, scalar, path);
            case FieldType.Free free -> {
                // Anything goes.
            }
            case FieldType.ListOf list -> list(value, list.element(), new Shape.Whole(), path);
            case FieldType.MapOf map -> {
                if (isObject(value, path)) {
                    value.properties()
                            .forEach(entry -> value(entry.getValue(), map.value(), path + "." + entry.getKey()));
                }
            }
            case FieldType.ObjectOf object ->
                schemas.definition(object.definition()).ifPresent(schema -> struct(value, schema, path));
        }
    }

    private boolean isObject(JsonNode value, String path) {
        if (!value.isNull() && !value.isObject()) {
            add(path, "expected map, got &{" + inGo(value) + "}");
        }
        return value.isObject();
    }

    private void list(JsonNode value, FieldType element, Shape shape, String path) {
        if (!(value instanceof ArrayNode list)) {
            if (!value.isNull()) {
                add(path, "expected list, got &{" + inGo(value) + "}");
            }
            return;
        }
        Set<String> seen = new HashSet<>();
        int index = 0;
        for (JsonNode item : list) {
            String step = "[" + index + "]";
            if (!(shape instanceof Shape.Whole)) {
                Optional<String> identity = Elements.step(item, shape);
                if (identity.isEmpty()) {
                    add(path, "element " + index + ": " + Elements.whyUnidentified(item, shape));
                    return;
                }
                step = PathStep.shown(identity.get());
                if (!seen.add(step)) {
                    add(path, "duplicate entries for key " + step);
                }
            }
            value(item, element, path + step);
            index++;
        }
    }

    private void scalar(JsonNode value, FieldType.Scalar scalar, String path) {
        switch (scalar) {
            case STRING, BYTES, TIME, MICRO_TIME -> {
                if (!value.isTextual()) {
                    add(path, "expected string, got " + wrapped(value));
                }
            }
            case INT32, INT64, DOUBLE -> {
                if (!value.isNumber()) {
                    add(path, "expected numeric (int or float), got " + goType(value));
                }
            }
            case BOOLEAN -> {
                if (!value.isBoolean()) {
                    add(path, "expected boolean, got " + wrapped(value));
                }
            }
            case QUANTITY, INT_OR_STRING -> {
                if (value.isContainerNode()) {
                    add(path, "expected any scalar, got &{" + inGo(value) + "}");
                }
            }
            case ANY -> {
                // Anything goes.
            }
        }
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case ARRAY -> "[]interface {}";
            default -> "map[string]interface {}";
        };
    }

    /** A value as Go's {@code %#v} shows the wrapper around it. */
    private static String wrapped(JsonNode value) {
        String shown = value.isContainerNode() ? goType(value) + "{…}" : value.toString();
        return "&value.valueUnstructured{Value:" + shown + "}";
    }

    /** A value as Go's {@code %v} prints it. */
    private static String inGo(JsonNode value) {
        StringBuilder out = new StringBuilder();
        print(value, out);
        return out.length() <= LIMIT * 5 ? out.toString() : out.substring(0, LIMIT * 5) + "…";
    }

    private static void print(JsonNode value, StringBuilder out) {
        switch (value) {
            case ObjectNode object -> {
                out.append("map[");
                String between = "";
                for (String key :
                        object.propertyStream().map(Map.Entry::getKey).sorted().toList()) {
                    out.append(between).append(key).append(':');
                    print(object.get(key), out);
                    between = " ";
                }
                out.append(']');
            }
            case ArrayNode list -> {
                out.append('[');
                String between = "";
                for (JsonNode item : list) {
                    out.append(between);
                    print(item, out);
                    between = " ";
                }
                out.append(']');
            }
            case JsonNode scalar -> out.append(scalar.isNull() ? "<nil>" : scalar.asText());
        }
    }
}
