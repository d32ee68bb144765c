package dev.keelson.node.image.oci;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.keelson.node.NodeException;
import dev.keelson.node.image.ImageErrors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads fields of an image's JSON, and says which document and field when one is not what it must be. */
public final class JsonReader {
    /** Far deeper than any image document, far less than what hurts. */
    private static final int MAX_DEPTH = 64;

    public static final JsonMapper MAPPER = JsonMapper.builder(com.fasterxml.jackson.core.JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String document;
    private final JsonNode node;

    private JsonReader(String document, JsonNode node) {
        this.document = document;
        this.node = node;
    }

    /** @param document what is being read, for messages, such as {@code manifest sha256:…} */
    public static JsonReader object(String document, byte[] json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (!node.isObject()) {
                throw ImageErrors.corrupt(document + " is not a JSON object");
            }
            return new JsonReader(document, node);
        } catch (JsonProcessingException e) {
            throw ImageErrors.corrupt(document + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw ImageErrors.corrupt(document + " is not JSON: " + e.getMessage(), e);
        }
    }

    /** Reads a document that is an array of objects. */
    public static List<JsonReader> array(String document, byte[] json) {
        try {
            return elements(document, MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw ImageErrors.corrupt(document + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw ImageErrors.corrupt(document + " is not JSON: " + e.getMessage(), e);
        }
    }

    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** The text of a field; empty when it is missing. */
    public String text(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        if (!value.isTextual()) {
            throw wrong(field, "a string");
        }
        return value.textValue();
    }

    public String requiredText(String field) {
        String value = text(field);
        if (value.isEmpty()) {
            throw wrong(field, "a non-empty string");
        }
        return value;
    }

    public long requiredSize(String field) {
        JsonNode value = node.path(field);
        if (!value.canConvertToLong() || !value.isIntegralNumber() || value.longValue() < 0) {
            throw wrong(field, "a whole number from 0 up");
        }
        return value.longValue();
    }

    public Digest requiredDigest(String field) {
        String value = requiredText(field);
        try {
            return Digest.parse(value);
        } catch (NodeException e) {
            throw ImageErrors.corrupt("%s: field %s: %s".formatted(document, field, e.getMessage()), e);
        }
    }

    public JsonReader requiredObject(String field) {
        return object(field).orElseThrow(() -> wrong(field, "an object"));
    }

    public Optional<JsonReader> object(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrong(field, "an object");
        }
        return Optional.of(new JsonReader(document + ", field " + field, value));
    }

    /** The objects in an array field; none when it is missing. */
    public List<JsonReader> objects(String field) {
        return has(field) ? elements(document + ", field " + field, node.path(field)) : List.of();
    }

    /** The strings in an array field; none when it is missing. */
    public List<String> texts(String field) {
        if (!has(field)) {
            return List.of();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : node.path(field)) {
            if (!element.isTextual()) {
                throw wrong(field, "an array of strings");
            }
            texts.add(element.textValue());
        }
        if (!node.path(field).isArray()) {
            throw wrong(field, "an array of strings");
        }
        return List.copyOf(texts);
    }

    /** The string members of an object field, in order; none when it is missing. */
    public Map<String, String> textMap(String field) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(field).ifPresent(map -> map.names().forEach(name -> texts.put(name, map.text(name))));
        return texts;
    }

    /** The names of this object's members, in order. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<JsonReader> elements(String where, JsonNode array) {
        if (!array.isArray()) {
            throw ImageErrors.corrupt(where + " must be an array of objects");
        }
        List<JsonReader> elements = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isObject()) {
                throw ImageErrors.corrupt(where + " must be an array of objects");
            }
            elements.add(new JsonReader(where + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    private NodeException wrong(String field, String expected) {
        return ImageErrors.corrupt("%s: field %s must be %s".formatted(document, field, expected));
    }
}
