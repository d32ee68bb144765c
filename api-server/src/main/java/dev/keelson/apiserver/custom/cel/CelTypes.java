package dev.keelson.apiserver.custom.cel;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.keelson.apiserver.custom.schema.Structural;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The types that expressions see: each object with properties is a type named by its path. */
final class CelTypes {
    private final StructTypes structs = new StructTypes();

    CelTypeProvider provider() {
        return structs;
    }

    /**
     * The type of values of a schema; empty when the schema says too little to work with.
     *
     * @param path a name for the type, unique among those of one provider
     */
    Optional<CelType> of(Structural schema, String path, boolean resource) {
        if (schema.isIntOrString()) {
            return Optional.of(SimpleType.DYN);
        }
        return switch (schema.type()) {
            case "object" -> object(schema, path, resource);
            case "array" ->
                schema.items()
                        .flatMap(items -> of(items, path + ".@idx", items.embedsResource()))
                        .map(ListType::create);
            case "string" -> Optional.of(text(schema.node().path("format").asText("")));
            case "boolean" -> Optional.of(SimpleType.BOOL);
            case "integer" -> Optional.of(SimpleType.INT);
            case "number" -> Optional.of(SimpleType.DOUBLE);
            default -> Optional.empty();
        };
    }

    private static CelType text(String format) {
        return switch (format) {
            case "byte" -> SimpleType.BYTES;
            case "duration" -> SimpleType.DURATION;
            case "date", "date-time" -> SimpleType.TIMESTAMP;
            default -> SimpleType.STRING;
        };
    }

    private Optional<CelType> object(Structural schema, String path, boolean resource) {
        Optional<Structural> values = schema.describedValues();
        if (values.isPresent()) {
            return of(values.get(), path + ".@elem", values.get().embedsResource())
                    .map(value -> MapType.create(SimpleType.STRING, value));
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        schema.properties().forEach(entry -> {
            Structural property = new Structural(entry.getValue());
            if (CelNames.accessible(entry.getKey())) {
                of(property, path + "." + entry.getKey(), property.embedsResource())
                        .ifPresent(type -> fields.put(CelNames.escape(entry.getKey()), type));
            }
        });
        if (resource) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            fields.put("metadata", metadata(path + ".metadata"));
        }
        return Optional.of(structs.add(path, fields));
    }

    /** Of the metadata, rules see what may be restricted. */
    private CelType metadata(String path) {
        return structs.add(path, Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING));
    }

    /** The metadata's schema as far as rules see it. */
    static Structural metadataSchema() {
        var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        var properties = schema.putObject("properties");
        properties.putObject("name").put("type", "string");
        properties.putObject("generateName").put("type", "string");
        return new Structural(schema);
    }
}
