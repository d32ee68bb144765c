package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.FieldSchema;
import dev.keelson.apiserver.schema.FieldType;
import dev.keelson.apiserver.schema.ObjectSchema;
import dev.keelson.apiserver.schema.Schemas;
import java.util.List;
import java.util.Optional;

/** Finds the shape of values from their types. */
final class Shapes {
    private static final Shape WHOLE = new Shape.Whole();

    private final Schemas schemas;

    Shapes(Schemas schemas) {
        this.schemas = schemas;
    }

    Shape ofObject(ObjectNode object) {
        return schemas.find(
                        object.path("apiVersion").asText(), object.path("kind").asText())
                .<Shape>map(Shape.Struct::new)
                .orElseGet(Shape.Deduced::new);
    }

    /** The shape of a field of a struct; a field that is not declared is owned as a whole. */
    Shape ofField(Shape.Struct struct, String name) {
        Shape undeclared = struct.schema().open() ? new Shape.Deduced() : WHOLE;
        return struct.schema().field(name).map(this::of).orElse(undeclared);
    }

    Shape of(FieldSchema field) {
        return switch (field.type()) {
            case FieldType.ListOf list -> list(field, list);
            case FieldType type when field.atomicMap() -> WHOLE;
            case FieldType type -> of(type);
        };
    }

    /** The shape of an element or value that has no field of its own. */
    Shape of(FieldType type) {
        return switch (type) {
            case FieldType.Scalar scalar -> WHOLE;
            case FieldType.Free free -> new Shape.Deduced();
            case FieldType.ListOf list -> WHOLE;
            case FieldType.MapOf map -> new Shape.Map(map.value());
            case FieldType.ObjectOf object ->
                schemas.definition(object.definition())
                        .filter(schema -> !schema.atomic())
                        .<Shape>map(Shape.Struct::new)
                        .orElse(WHOLE);
        };
    }

    private Shape list(FieldSchema field, FieldType.ListOf list) {
        return switch (field.listType()) {
            case ATOMIC -> WHOLE;
            case SET -> new Shape.SetList();
            case MAP -> new Shape.KeyedList(keys(field, list), list.element());
        };
    }

    private List<FieldSchema> keys(FieldSchema field, FieldType.ListOf list) {
        Optional<ObjectSchema> element = list.element() instanceof FieldType.ObjectOf object
                ? schemas.definition(object.definition())
                : Optional.empty();
        return field.listMapKeys().stream()
                .map(key -> element.flatMap(schema -> schema.field(key)).orElse(FieldSchema.unknown(key)))
                .toList();
    }
}
