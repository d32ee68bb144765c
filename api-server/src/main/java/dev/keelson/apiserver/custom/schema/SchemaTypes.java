package dev.keelson.apiserver.custom.schema;

import dev.keelson.apiserver.schema.FieldSchema;
import dev.keelson.apiserver.schema.FieldSchema.ListKind;
import dev.keelson.apiserver.schema.FieldType;
import dev.keelson.apiserver.schema.FieldType.Scalar;
import dev.keelson.apiserver.schema.ObjectSchema;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A schema as the types that server-side apply works with; each object with fields is a type named by its path. */
public final class SchemaTypes {
    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final String prefix;
    private final Map<String, ObjectSchema> byName = new HashMap<>();

    private SchemaTypes(String prefix) {
        this.prefix = prefix;
    }

    static SchemaTypes of(Structural root, String prefix) {
        SchemaTypes types = new SchemaTypes(prefix);
        types.struct(root, "", true);
        return types;
    }

    /** A type by its name; the root's is the prefix alone. */
    public Optional<ObjectSchema> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    private FieldType struct(Structural schema, String path, boolean resource) {
        String name = prefix + path;
        Map<String, FieldSchema> fields = new HashMap<>();
        schema.properties()
                .forEach(entry -> fields.put(
                        entry.getKey(),
                        field(entry.getKey(), new Structural(entry.getValue()), path + "." + entry.getKey())));
        if (resource) {
            fields.put("apiVersion", plain("apiVersion", Scalar.STRING));
            fields.put("kind", plain("kind", Scalar.STRING));
            fields.put("metadata", plain("metadata", new FieldType.ObjectOf(OBJECT_META)));
        }
        byName.put(name, new ObjectSchema(name, schema.atomicMap(), schema.preservesUnknown(), fields));
        return new FieldType.ObjectOf(name);
    }

    private FieldSchema field(String name, Structural schema, String path) {
        FieldType type = type(schema, path);
        ListKind list =
                switch (schema.listType()) {
                    case "map" -> ListKind.MAP;
                    case "set" -> ListKind.SET;
                    default -> ListKind.ATOMIC;
                };
        return new FieldSchema(
                name, type, Set.of(), "", list, schema.listMapKeys(), schema.atomicMap(), schema.defaultValue());
    }

    private static FieldSchema plain(String name, FieldType type) {
        return new FieldSchema(name, type, Set.of(), "", ListKind.ATOMIC, List.of(), false, Optional.empty());
    }

    private FieldType type(Structural schema, String path) {
        if (schema.isIntOrString()) {
            return Scalar.INT_OR_STRING;
        }
        return switch (schema.type()) {
            case "object" -> object(schema, path);
            case "array" ->
                new FieldType.ListOf(
                        schema.items().map(items -> type(items, path + "[]")).orElse(Scalar.ANY));
            case "string" -> Scalar.STRING;
            case "boolean" -> Scalar.BOOLEAN;
            case "integer" -> Scalar.INT64;
            case "number" -> Scalar.DOUBLE;
            default -> new FieldType.Free();
        };
    }

    private FieldType object(Structural schema, String path) {
        Optional<Structural> values = schema.values();
        if (values.isPresent()) {
            return new FieldType.MapOf(type(values.get(), path + "{}"));
        }
        boolean declared = schema.hasProperties() || schema.embedsResource();
        if (!declared && schema.preservesUnknown()) {
            return new FieldType.Free();
        }
        return struct(schema, path, schema.embedsResource());
    }
}
