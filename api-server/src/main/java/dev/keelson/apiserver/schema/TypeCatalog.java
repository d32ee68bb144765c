package dev.keelson.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.schema.FieldSchema.ListKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The object types, read package by package when one is asked for. */
final class TypeCatalog {
    private final Set<String> known = SchemaResources.json("types/index.json").stream()
            .flatMap(JsonNode::valueStream)
            .map(JsonNode::asText)
            .collect(Collectors.toUnmodifiableSet());
    private final Map<String, Map<String, ObjectSchema>> packages = new ConcurrentHashMap<>();
    /** What was asked for and found. */
    private final Map<String, ObjectSchema> found = new ConcurrentHashMap<>();

    /** The type behind a definition's name; empty when no such definition was generated. */
    Optional<ObjectSchema> find(String definition) {
        ObjectSchema known = found.get(definition);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ObjectSchema> read = read(definition);
        read.ifPresent(schema -> found.put(definition, schema));
        return read;
    }

    private Optional<ObjectSchema> read(String definition) {
        int end = definition.lastIndexOf('.');
        // Names come from requests: only packages that exist may take a place in the map.
        if (end < 0 || !known.contains(definition.substring(0, end))) {
            return Optional.empty();
        }
        return Optional.ofNullable(packages.computeIfAbsent(definition.substring(0, end), TypeCatalog::load)
                .get(definition));
    }

    private static Map<String, ObjectSchema> load(String packageName) {
        Map<String, ObjectSchema> types = new HashMap<>();
        SchemaResources.json("types/" + packageName + ".json").ifPresent(table -> table.properties()
                .forEach(entry -> types.put(entry.getKey(), object(entry.getKey(), entry.getValue()))));
        return Map.copyOf(types);
    }

    private static ObjectSchema object(String definition, JsonNode entry) {
        Map<String, FieldSchema> fields = new HashMap<>();
        entry.path("fields")
                .properties()
                .forEach(field -> fields.put(field.getKey(), field(field.getKey(), field.getValue())));
        return new ObjectSchema(definition, entry.path("atomic").asBoolean(), false, fields);
    }

    private static FieldSchema field(String name, JsonNode entry) {
        String mergeKey = entry.path("patchMergeKey").asText();
        Set<String> strategies = new HashSet<>();
        for (String strategy : entry.path("patchStrategy").asText().split(",")) {
            if (!strategy.isEmpty()) {
                strategies.add(strategy);
            }
        }
        FieldType type = FieldType.parse(entry.path("type").asText());
        List<String> keys =
                entry.path("listMapKeys").valueStream().map(JsonNode::asText).toList();
        ListKind listType = listType(entry.path("listType").asText(), type, strategies, mergeKey);
        boolean keyed = listType == ListKind.MAP && keys.isEmpty();
        return new FieldSchema(
                name,
                type,
                strategies,
                mergeKey,
                listType,
                keyed ? List.of(mergeKey) : keys,
                entry.path("mapType").asText().equals("atomic"),
                Optional.ofNullable(entry.get("default")));
    }

    /** Where the sources do not say it, server-side apply follows what strategic merge patches do. */
    private static ListKind listType(String given, FieldType type, Set<String> strategies, String mergeKey) {
        if (!given.isEmpty()) {
            return switch (given) {
                case "map" -> ListKind.MAP;
                case "set" -> ListKind.SET;
                default -> ListKind.ATOMIC;
            };
        }
        if (!(type instanceof FieldType.ListOf) || !strategies.contains("merge")) {
            return ListKind.ATOMIC;
        }
        return mergeKey.isEmpty() ? ListKind.SET : ListKind.MAP;
    }
}
