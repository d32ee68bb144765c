package dev.keelson.apiserver.selector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A conjunction of label requirements. Without any it selects everything.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/">Labels and Selectors</a>
 */
public record LabelSelector(List<LabelRequirement> requirements) {

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    public static LabelSelector everything() {
        return new LabelSelector(List.of());
    }

    /**
     * Reads the query parameter {@code labelSelector}: {@code a=b,c!=d,e in (f,g),h,!i}.
     *
     * @throws SelectorException when it cannot be understood or is too large
     */
    public static LabelSelector parse(String text) {
        return new LabelSelector(new LabelSelectorParser(text).parse());
    }

    /**
     * Reads a {@code meta/v1 LabelSelector}: matchLabels and matchExpressions. A missing or empty object selects
     * everything.
     *
     * @throws SelectorException when an operator, key or value is not valid
     */
    public static LabelSelector fromObject(JsonNode selector) {
        List<LabelRequirement> requirements = new ArrayList<>();
        selector.path("matchLabels")
                .properties()
                .forEach(entry -> requirements.add(new LabelRequirement(
                        entry.getKey(),
                        LabelRequirement.Operator.IN,
                        Set.of(entry.getValue().asText()))));
        selector.path("matchExpressions").forEach(expression -> requirements.add(expression(expression)));
        return new LabelSelector(requirements);
    }

    private static LabelRequirement expression(JsonNode expression) {
        String operator = expression.path("operator").asText();
        Set<String> values = new LinkedHashSet<>();
        expression.path("values").forEach(value -> values.add(value.asText()));
        return new LabelRequirement(
                expression.path("key").asText(),
                switch (operator) {
                    case "In" -> LabelRequirement.Operator.IN;
                    case "NotIn" -> LabelRequirement.Operator.NOT_IN;
                    case "Exists" -> LabelRequirement.Operator.EXISTS;
                    case "DoesNotExist" -> LabelRequirement.Operator.DOES_NOT_EXIST;
                    default ->
                        throw new SelectorException(
                                "\"%s\" is not a valid label selector operator: use In, NotIn, Exists or DoesNotExist"
                                        .formatted(operator));
                },
                values);
    }

    /** Whether an object with these labels ({@code metadata.labels}, possibly missing) is selected. */
    public boolean matches(JsonNode labels) {
        return requirements.stream()
                .allMatch(requirement -> requirement.matches(Optional.ofNullable(labels.get(requirement.key()))
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)));
    }

    public boolean selectsEverything() {
        return requirements.isEmpty();
    }
}
