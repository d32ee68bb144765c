package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.schema.FieldSchema;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The steps of a {@link FieldSet}, written as {@code fieldsV1} has them. */
final class PathStep {
    private static final JsonMapper JSON = new JsonMapper();

    private PathStep() {}

    static String field(String name) {
        return "f:" + name;
    }

    static String value(JsonNode scalar) {
        return "v:" + scalar;
    }

    /** The step to a list element by its keys, where a missing key has its default; empty when one has none. */
    static Optional<String> element(JsonNode element, List<FieldSchema> keys) {
        if (!(element instanceof ObjectNode)) {
            return Optional.empty();
        }
        ObjectNode identity = JsonNodeFactory.instance.objectNode();
        for (FieldSchema key :
                keys.stream().sorted(Comparator.comparing(FieldSchema::name)).toList()) {
            JsonNode value = element.path(key.name());
            if (value.isMissingNode() || value.isNull()) {
                if (key.defaultValue().isEmpty()) {
                    return Optional.empty();
                }
                value = key.defaultValue().get();
            }
            identity.set(key.name(), value);
        }
        return Optional.of("k:" + identity);
    }

    static String shown(String step) {
        String rest = step.substring(Math.min(2, step.length()));
        return switch (step.isEmpty() ? ' ' : step.charAt(0)) {
            case 'f' -> "." + rest;
            case 'k' -> "[" + keys(rest) + "]";
            default -> "[" + rest + "]";
        };
    }

    private static String keys(String json) {
        try {
            return JSON.readTree(json).properties().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .collect(Collectors.joining(","));
        } catch (JsonProcessingException bad) {
            return json;
        }
    }
}
