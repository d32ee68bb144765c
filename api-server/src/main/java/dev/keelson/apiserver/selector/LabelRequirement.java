package dev.keelson.apiserver.selector;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

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
        LabelNames.keyProblem(key).ifPresent(problem -> {
            throw new SelectorException("key: Invalid value: \"%s\": %s".formatted(key, problem));
        });
        for (String value : values) {
            LabelNames.valueProblem(value).ifPresent(problem -> {
                throw new SelectorException("values[%s]: Invalid value: \"%s\": %s".formatted(key, value, problem));
            });
        }
        checkValues(key, operator, values);
    }

    private static void checkValues(String key, Operator operator, Set<String> values) {
        switch (operator) {
            case IN, NOT_IN -> {
                if (values.isEmpty()) {
                    throw new SelectorException(
                            "key \"%s\": for 'in', 'notin' operators, values set can't be empty".formatted(key));
                }
            }
            case EXISTS, DOES_NOT_EXIST -> {
                if (!values.isEmpty()) {
                    throw new SelectorException(
                            "key \"%s\": values set must be empty for exists and does not exist".formatted(key));
                }
            }
            case GREATER_THAN, LESS_THAN -> {
                if (values.size() != 1 || number(values.iterator().next()).isEmpty()) {
                    throw new SelectorException(
                            "key \"%s\": for 'Gt', 'Lt' operators, the value must be an integer".formatted(key));
                }
            }
        }
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
