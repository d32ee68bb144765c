package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The part of kubectl's JSONPath that columns of custom resources use: fields, {@code ['quoted']} fields, indexes,
 * {@code [*]}, {@code ..name} and {@code [?(@.a=="b")]}.
 */
public record JsonPath(List<Step> steps) {

    sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int index) implements Step {}

        record All() implements Step {}

        record Anywhere(String name) implements Step {}

        record Where(JsonPath left, String operator, String literal) implements Step {}
    }

    public JsonPath {
        steps = List.copyOf(steps);
    }

    /** @throws IllegalArgumentException when the text is no such path; the message says why */
    public static JsonPath parse(String text) {
        return new JsonPathParser(text).parse();
    }

    /** What is wrong with a path, if anything. */
    public static Optional<String> problem(String text) {
        try {
            parse(text);
            return Optional.empty();
        } catch (IllegalArgumentException bad) {
            return Optional.of(bad.getMessage());
        }
    }

    /** The first value that the path leads to. */
    public Optional<JsonNode> first(JsonNode root) {
        Stream<JsonNode> found = Stream.of(root);
        for (Step step : steps) {
            found = found.flatMap(node -> follow(step, node));
        }
        return found.findFirst();
    }

    private static Stream<JsonNode> follow(Step step, JsonNode node) {
        return switch (step) {
            case Step.Field(String name) -> Optional.ofNullable(node.get(name)).stream();
            case Step.Index(int index)
            when node.isArray() -> Optional.ofNullable(node.get(index < 0 ? node.size() + index : index)).stream();
            case Step.Index none -> Stream.empty();
            case Step.All all -> node.valueStream();
            case Step.Anywhere(String name) -> node.findValues(name).stream();
            case Step.Where where ->
                node.isArray() ? node.valueStream().filter(one -> holds(where, one)) : Stream.empty();
        };
    }

    private static boolean holds(Step.Where where, JsonNode element) {
        Optional<JsonNode> left = where.left().first(element);
        if (where.operator().isEmpty()) {
            return left.isPresent();
        }
        if (left.isEmpty()) {
            return false;
        }
        int order = compare(left.get(), where.literal());
        return switch (where.operator()) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static int compare(JsonNode value, String literal) {
        if (value.isNumber()) {
            try {
                return value.decimalValue().compareTo(new java.math.BigDecimal(literal));
            } catch (NumberFormatException text) {
                return 1;
            }
        }
        return value.asText().compareTo(literal);
    }
}
