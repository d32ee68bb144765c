package dev.keelson.crds.model;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Label selectors as predicates over an object's labels.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/">Labels and Selectors</a>
 */
public final class Selectors {
    private static final Pattern SET = Pattern.compile("(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^!=\\s]+)\\s*(==|=|!=)\\s*(\\S*)");
    /** Commas inside parentheses separate values, not requirements. */
    private static final Pattern BETWEEN_REQUIREMENTS = Pattern.compile(",(?![^(]*\\))");

    private Selectors() {}

    /** Matches what the structured selector matches; a selector without requirements matches everything. */
    public static Predicate<Map<String, String>> of(LabelSelector selector) {
        Map<String, String> equal = selector.getMatchLabels() == null ? Map.of() : selector.getMatchLabels();
        Predicate<Map<String, String>> all = allOf(equal);
        for (LabelSelectorRequirement requirement : selector.getMatchExpressions()) {
            all = all.and(expression(requirement.getOperator(), requirement.getKey(), requirement.getValues()));
        }
        return all;
    }

    /** Matches labels that contain every one of the given pairs. */
    public static Predicate<Map<String, String>> allOf(Map<String, String> required) {
        return labels ->
                required.entrySet().stream().allMatch(pair -> pair.getValue().equals(labels.get(pair.getKey())));
    }

    /**
     * Parses the text form: {@code a=b, c!=d, e in (x,y), f notin (z), g, !h}.
     *
     * @throws IllegalArgumentException naming the part that is none of these
     */
    public static Predicate<Map<String, String>> parse(String text) {
        Predicate<Map<String, String>> all = labels -> true;
        for (String part : BETWEEN_REQUIREMENTS.split(text)) {
            if (!part.isBlank()) {
                all = all.and(requirement(part.strip()));
            }
        }
        return all;
    }

    private static Predicate<Map<String, String>> requirement(String text) {
        Matcher set = SET.matcher(text);
        if (set.matches()) {
            List<String> values =
                    Stream.of(set.group(3).split(",")).map(String::strip).toList();
            return expression(set.group(2).equals("in") ? "In" : "NotIn", set.group(1), values);
        }
        Matcher equality = EQUALITY.matcher(text);
        if (equality.matches()) {
            String operator = equality.group(2).equals("!=") ? "NotIn" : "In";
            return expression(operator, equality.group(1), List.of(equality.group(3)));
        }
        if (text.contains(" ")) {
            throw new IllegalArgumentException(
                    "cannot read \"%s\"; expected key=value, key!=value, key in (a,b), key notin (a,b), key or !key"
                            .formatted(text));
        }
        return text.startsWith("!")
                ? expression("DoesNotExist", text.substring(1).strip(), List.of())
                : expression("Exists", text, List.of());
    }

    private static Predicate<Map<String, String>> expression(String operator, String key, List<String> values) {
        return switch (operator) {
            case "In" -> labels -> labels.containsKey(key) && values.contains(labels.get(key));
            case "NotIn" -> labels -> !labels.containsKey(key) || !values.contains(labels.get(key));
            case "Exists" -> labels -> labels.containsKey(key);
            case "DoesNotExist" -> labels -> !labels.containsKey(key);
            default ->
                throw new IllegalArgumentException(
                        "unknown selector operator \"%s\"; expected In, NotIn, Exists or DoesNotExist"
                                .formatted(operator));
        };
    }
}
