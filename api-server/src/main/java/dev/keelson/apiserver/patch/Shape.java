package dev.keelson.apiserver.patch;

import dev.keelson.apiserver.schema.FieldSchema;
import dev.keelson.apiserver.schema.FieldType;
import dev.keelson.apiserver.schema.ObjectSchema;
import java.util.List;

/** How server-side apply sees a value: owned as a whole, or by its parts. */
sealed interface Shape {

    /** A scalar or anything else that one manager owns as a whole. */
    record Whole() implements Shape {}

    /** An object with declared fields. */
    record Struct(ObjectSchema schema) implements Shape {}

    /** A map whose keys are owned one by one. */
    record Map(FieldType value) implements Shape {}

    /** A list of objects identified by some of their fields. */
    record KeyedList(List<FieldSchema> keys, FieldType element) implements Shape {}

    /** A list of scalars without repetition. */
    record SetList() implements Shape {}

    /** Nothing is declared: objects are owned by their fields, all else as a whole. */
    record Deduced() implements Shape {}
}
