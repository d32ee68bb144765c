package dev.keelson.apiserver.registry;

import com.fasterxml.jackson.databind.JsonNode;

/** Compares leaves of trees by what they say: 1 is 1 whatever Java type holds it. */
public final class JsonNumbers {
    private JsonNumbers() {}

    /** Zero when both say the same. */
    public static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
