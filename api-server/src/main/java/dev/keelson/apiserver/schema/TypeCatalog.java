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
    /** Names come from requests: only packages that exist are looked for, and each once. */
    private final Set<String> unread = SchemaResources.json("types/index.json").stream()
            .flatMap(JsonNode::valueStream)
            .map(JsonNode::asText)
            .collect(Collectors.toCollection(ConcurrentHashMap::newKeySet));

    private final Map<String, ObjectSchema> types = new ConcurrentHashMap<>();

    /** The type behind a definition's name; empty when no such definition was generated. */
    Optional<ObjectSchema> find(String definition) {
        ObjectSchema known = types.get(definition);
        return known == null ? read(definition) : Optional.of(known);
    }

    private Optional<ObjectSchema> read(String definition) {
        int end = definition.lastIndexOf('.');
        if (end >= 0 && unread.contains(definition.substring(0, end))) {
            load(definition.substring(0, end));
        }
        return Optional.ofNullable(types.get(definition));
    }

    private void load(String packageName) {
        SchemaResources.json("types/" + packageName + ".json").ifPresent(table -> table.properties()
                .forEach(entry -> types.put(entry.getKey(), object(entry.getKey(), entry.getValue()))));
        // Only now: whoever finds nothing left to read finds the types.
        unread.remove(packageName);
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
