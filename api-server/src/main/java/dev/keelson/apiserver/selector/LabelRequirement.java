package dev.keelson.apiserver.selector;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One condition of a label selector. A label that is missing satisfies {@code !=} and {@code notin}, as in Kubernetes.
 *
 * @param values none for (not) existing, one for equality and order, any number for sets
 */
public record LabelRequirement(String key, Operator operator, Set<String> values) {

    /** The operators of the string syntax and of LabelSelectorRequirement. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER_THAN,
        LESS_THAN
    }

    public LabelRequirement {
        values = Set.copyOf(values);
        refuse("key", key, LabelNames.keyProblems(key));
        checkValues(operator, values);
        int at = 0;
        for (String value : new TreeSet<>(values)) {
            String path = "values[%d][%s]".formatted(at++, key);
            refuse(path, value, LabelNames.valueProblems(value));
        }
    }

    static void refuse(String path, String text, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new SelectorException(
                    "%s: Invalid value: \"%s\": %s".formatted(path, text, String.join("; ", problems)));
        }
    }

    private static void checkValues(Operator operator, Set<String> values) {
        switch (operator) {
            case IN, NOT_IN -> {
                if (values.isEmpty()) {
                    throw new SelectorException(
                            "values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty");
                }
            }
            case EXISTS, DOES_NOT_EXIST -> {
                if (!values.isEmpty()) {
                    throw new SelectorException(
                            "values: Invalid value: %s: values set must be empty for exists and does"
                                            .formatted(shown(values))
                                    + " not exist");
                }
            }
            case GREATER_THAN, LESS_THAN -> {
                if (values.size() != 1) {
                    throw new SelectorException(
                            "values: Invalid value: %s: for 'Gt', 'Lt' operators, exactly one value is required"
                                    .formatted(shown(values)));
                }
                String bound = values.iterator().next();
                if (number(bound).isEmpty()) {
                    throw new SelectorException(
                            "values[0]: Invalid value: \"%s\": for 'Gt', 'Lt' operators, the value must be an integer"
                                    .formatted(bound));
                }
            }
        }
    }

    private static String shown(Set<String> values) {
        return values.stream().sorted().collect(Collectors.joining("\", \"", "[]string{\"", "\"}"));
    }

    public boolean matches(Optional<String> label) {
        return switch (operator) {
            case IN -> label.filter(values::contains).isPresent();
            case NOT_IN -> label.filter(values::contains).isEmpty();
            case EXISTS -> label.isPresent();
            case DOES_NOT_EXIST -> label.isEmpty();
            case GREATER_THAN -> compare(label) > 0;
            case LESS_THAN -> compare(label) < 0;
        };
    }

    private int compare(Optional<String> label) {
        OptionalLong actual = label.map(LabelRequirement::number).orElse(OptionalLong.empty());
        long bound = number(values.iterator().next()).orElseThrow();
        return actual.isEmpty() ? 0 : Long.compare(actual.getAsLong(), bound);
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            return OptionalLong.empty();
        }
    }
}
