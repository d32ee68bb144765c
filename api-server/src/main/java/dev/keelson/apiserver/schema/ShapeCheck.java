package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.FieldType.ListOf;
import dev.keelson.apiserver.schema.FieldType.MapOf;
import dev.keelson.apiserver.schema.FieldType.ObjectOf;
import dev.keelson.apiserver.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares a tree with its type. Null is accepted everywhere: it means absent. */
final class ShapeCheck {
    private static final int LIMIT = 50;

    private final TypeCatalog types;
    private final List<String> unknown = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();

    ShapeCheck(TypeCatalog types) {
        this.types = types;
    }

    SchemaReport check(ObjectNode object, ObjectSchema schema) {
        return check(object, schema, Place.at(""));
    }

    SchemaReport check(ObjectNode object, ObjectSchema schema, Place place) {
        object(object, schema, place);
        return new SchemaReport(unknown, wrong);
    }

    private void object(JsonNode value, ObjectSchema schema, Place place) {
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            Place at = place.field(entry.getKey());
            Optional<FieldSchema> field = schema.field(entry.getKey());
            if (field.isEmpty()) {
                note(unknown, "unknown field \"" + at.shown() + "\"");
            } else {
                value(entry.getValue(), field.get().type(), at, schema);
            }
        }
    }

    private void value(JsonNode value, FieldType type, Place place, ObjectSchema owner) {
        if (value.isNull()) {
            return;
        }
        switch (type) {
            case Scalar scalar ->
                ScalarCheck.problem(value, scalar).ifPresent(problem -> note(wrong, problem.at(place, owner)));
            case FieldType.Free free -> {}
            case ListOf list -> list(value, list, place, owner);
            case MapOf map -> map(value, map, place, owner);
            case ObjectOf reference -> reference(value, reference, place, owner);
        }
    }

    private void list(JsonNode value, ListOf list, Place place, ObjectSchema owner) {
        if (!(value instanceof ArrayNode)) {
            note(wrong, Mismatch.of(value, "[]" + goName(list.element())).at(place, owner));
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            value(value.get(i), list.element(), place.item(i), owner);
        }
    }

    private void map(JsonNode value, MapOf map, Place place, ObjectSchema owner) {
        if (!(value instanceof ObjectNode)) {
            note(wrong, Mismatch.of(value, "map[string]" + goName(map.value())).at(place, owner));
            return;
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            value(entry.getValue(), map.value(), place.key(entry.getKey()), owner);
        }
    }

    private void reference(JsonNode value, ObjectOf reference, Place place, ObjectSchema owner) {
        if (!(value instanceof ObjectNode)) {
            note(wrong, Mismatch.of(value, goName(reference)).at(place, owner));
            return;
        }
        types.find(reference.definition()).ifPresent(schema -> object(value, schema, place));
    }

    private static String goName(FieldType type) {
        return switch (type) {
            case Scalar scalar -> scalar.goType();
            case FieldType.Free free -> "json.RawMessage";
            case ListOf list -> "[]" + goName(list.element());
            case MapOf map -> "map[string]" + goName(map.value());
            case ObjectOf object -> {
                String[] parts = object.definition().split("\\.");
                yield parts[parts.length - 2] + "." + parts[parts.length - 1];
            }
        };
    }

    private static void note(List<String> messages, String message) {
        if (messages.size() < LIMIT) {
            messages.add(message);
        }
    }
}
