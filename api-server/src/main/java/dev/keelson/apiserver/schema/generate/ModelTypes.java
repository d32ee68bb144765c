package dev.keelson.apiserver.schema.generate;

import java.util.Map;
import java.util.function.Function;

/**
 * Translates the Java models' types into the notation of the type table: a scalar's word, {@code [x} for a list,
 * {@code {x} for a map, {@code @definition} for an object.
 */
final class ModelTypes {
    private static final Map<String, String> SCALARS = Map.ofEntries(
            Map.entry("String", "string"),
            Map.entry("Integer", "int32"),
            Map.entry("Long", "int64"),
            Map.entry("Double", "double"),
            Map.entry("Boolean", "boolean"),
            Map.entry("byte[]", "bytes"),
            Map.entry("OffsetDateTime", "time"),
            Map.entry("Quantity", "quantity"),
            Map.entry("IntOrString", "intOrString"),
            Map.entry("Object", "any"));

    private final Function<String, String> definitionOf;

    /** @param definitionOf the definition that a model class stands for */
    ModelTypes(Function<String, String> definitionOf) {
        this.definitionOf = definitionOf;
    }

    String notation(String javaType) {
        String type = javaType.strip();
        if (type.startsWith("List<")) {
            return "[" + notation(type.substring("List<".length(), type.length() - 1));
        }
        if (type.startsWith("Map<String,")) {
            return "{" + notation(type.substring("Map<String,".length(), type.length() - 1));
        }
        String scalar = SCALARS.get(type);
        return scalar != null ? scalar : "@" + definitionOf.apply(type);
    }
}
