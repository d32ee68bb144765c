package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ApiFailure;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** The query of a request; a value that cannot be understood is refused with its name. */
public record QueryParameters(Map<String, List<String>> values) {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    public QueryParameters {
        // In the order they came: what is passed on to an agent must not be shuffled.
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** @param rawQuery without the question mark; empty for none */
    public static QueryParameters parse(String rawQuery) {
        try {
            return new QueryParameters(new QueryStringDecoder(rawQuery, false).parameters());
        } catch (IllegalArgumentException e) {
            throw ApiFailure.badRequest("the query is not percent-encoded correctly: " + e.getMessage());
        }
    }

    /** The first value, or empty. */
    public String text(String name) {
        List<String> found = values.getOrDefault(name, List.of());
        return found.isEmpty() ? "" : found.getFirst();
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A boolean as Go's ParseBool reads it; absent and empty are false. */
    public boolean flag(String name) {
        String value = text(name);
        if (value.isEmpty() || FALSE.contains(value)) {
            return false;
        }
        if (TRUE.contains(value)) {
            return true;
        }
        throw ApiFailure.badRequest(
                "the query parameter %s is \"%s\"; true or false is expected".formatted(name, value));
    }

    public OptionalLong number(String name) {
        String value = text(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw ApiFailure.badRequest(
                    "the query parameter %s is \"%s\"; an integer is expected".formatted(name, value));
        }
    }
}
