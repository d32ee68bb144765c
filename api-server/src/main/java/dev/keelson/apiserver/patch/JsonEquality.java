package dev.keelson.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;

/** Equality of JSON values in which 1, 1.0 and a long 1 are one number. */
final class JsonEquality {
    private static final Comparator<JsonNode> NUMBERS = (left, right) -> left.isNumber() && right.isNumber()
            ? left.decimalValue().compareTo(right.decimalValue())
            : left.equals(right) ? 0 : 1;

    private JsonEquality() {}

    static boolean same(JsonNode left, JsonNode right) {
        return left.equals(NUMBERS, right);
    }
}
