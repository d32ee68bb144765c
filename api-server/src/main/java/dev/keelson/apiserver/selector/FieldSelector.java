package dev.keelson.apiserver.selector;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A conjunction of comparisons of fields with values: {@code status.phase=Running,spec.nodeName!=n1}. */
public record FieldSelector(List<Term> terms) {
    private static final int MAX_LENGTH = 64 * 1024;
    /** Fields whose zero value is written out by Kubernetes' own selectors although JSON leaves it away. */
    private static final Set<String> BOOLEANS = Set.of("spec.unschedulable", "spec.hostNetwork");

    /** One comparison. A field that is missing has the empty value. */
    public record Term(String field, boolean equal, String value) {}

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    public static FieldSelector everything() {
        return new FieldSelector(List.of());
    }

    /**
     * Reads the query parameter {@code fieldSelector}. A backslash takes the meaning from {@code , = \}.
     *
     * @param fields that may be named
     * @throws SelectorException when it cannot be understood or names another field
     */
    public static FieldSelector parse(String text, SelectableFields fields) {
        if (text.length() > MAX_LENGTH) {
            throw new SelectorException(
                    "the field selector has %d characters; at most %d are read".formatted(text.length(), MAX_LENGTH));
        }
        List<Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isBlank()) {
                terms.add(term(part.strip(), text));
            }
        }
        terms.forEach(term -> fields.require(term.field()));
        return new FieldSelector(terms);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Term term(String part, String selector) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\\') {
                i++;
            } else if (part.startsWith("!=", i)) {
                return new Term(part.substring(0, i), false, unescape(part.substring(i + 2)));
            } else if (c == '=') {
                int width = part.startsWith("==", i) ? 2 : 1;
                return new Term(part.substring(0, i), true, unescape(part.substring(i + width)));
            }
        }
        throw new SelectorException("invalid selector: '%s'; can't understand '%s'".formatted(selector, part));
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                if (i == value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
                    throw new SelectorException("invalid field selector: invalid escape sequence: "
                            + value.substring(i - 1, Math.min(i + 1, value.length())));
                }
                plain.append(value.charAt(i));
            } else if (c == ',' || c == '=') {
                // Go prints a character as its number.
                throw new SelectorException("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** Whether this object is selected. */
    public boolean matches(JsonNode object) {
        return terms.stream()
                .allMatch(term -> term.equal() == valueOf(object, term.field()).equals(term.value()));
    }

    public boolean selectsEverything() {
        return terms.isEmpty();
    }

    /** The value that one field must have, for example {@code metadata.name}; lets a list become a get. */
    public Optional<String> requiredValue(String field) {
        return terms.stream()
                .filter(term -> term.equal() && term.field().equals(field))
                .map(Term::value)
                .findFirst();
    }

    private static String valueOf(JsonNode object, String field) {
        JsonNode value = object;
        for (String step : field.split("\\.")) {
            value = value.path(step);
        }
        if (value.isValueNode() && !value.isNull()) {
            return value.asText();
        }
        return switch (field) {
            case "source" -> eventSource(object);
            case "status.podIPs" -> value.path(0).path("ip").asText();
            default -> BOOLEANS.contains(field) ? "false" : "";
        };
    }

    /** An Event's {@code source} selects by component; newer events name a reporting controller instead. */
    private static String eventSource(JsonNode event) {
        String component = event.path("source").path("component").asText();
        return component.isEmpty() ? event.path("reportingComponent").asText() : component;
    }
}
