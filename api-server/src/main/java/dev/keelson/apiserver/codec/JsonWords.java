package dev.keelson.apiserver.codec;

import com.fasterxml.jackson.databind.JsonNode;

/** Names of JSON types in messages. */
final class JsonWords {
    private JsonWords() {}

    static String kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NUMBER -> "a number";
            case STRING -> "a string";
            case OBJECT, POJO -> "an object";
            case NULL, MISSING, BINARY -> "null";
        };
    }
}
