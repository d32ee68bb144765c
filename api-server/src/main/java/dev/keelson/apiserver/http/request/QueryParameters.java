package dev.keelson.apiserver.http.request;

import dev.keelson.apiserver.registry.ApiFailure;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The query of a request; a value that cannot be understood is refused with its name. */
public record QueryParameters(Map<String, List<String>> values) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

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

    /** A boolean as Kubernetes reads it out of a query: true unless it is absent, {@code 0} or {@code false}. */
    public boolean flag(String name) {
        return has(name) && !text(name).equals("0") && !text(name).equalsIgnoreCase("false");
    }

    /** A whole number, refused in the words of Go's {@code strconv}; absent is empty. */
    public OptionalLong number(String name) {
        return has(name) ? OptionalLong.of(parsed(text(name))) : OptionalLong.empty();
    }

    private static long parsed(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw ApiFailure.badRequest(notANumber(text, "ParseInt"));
        }
    }

    /** Why Go does not read a text as a number: by {@code ParseInt}, or by {@code ParseUint}, which knows no sign. */
    public static String notANumber(String text, String function) {
        boolean signed = function.equals("ParseInt");
        boolean number = NUMBER.matcher(text).matches() && (signed || Character.isDigit(text.charAt(0)));
        String why = number ? "value out of range" : "invalid syntax";
        return "strconv.%s: parsing \"%s\": %s".formatted(function, text, why);
    }
}
