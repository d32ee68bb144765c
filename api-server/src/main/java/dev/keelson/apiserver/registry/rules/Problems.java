package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.FieldError.Type;
import dev.keelson.apiserver.registry.NameRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Collects what is wrong with an object, worded as Kubernetes' validation words it. */
public final class Problems {
    /** A response with thousands of causes helps nobody; more than these are not looked for. */
    private static final int LIMIT = 100;

    private static final int SHOWN_VALUE = 1024;

    private final List<FieldError> errors = new ArrayList<>();

    public List<FieldError> list() {
        return List.copyOf(errors);
    }

    public void addAll(Collection<FieldError> more) {
        more.forEach(this::add);
    }

    /** How many were found so far: as many as before when what was judged since is sound. */
    public int count() {
        return errors.size();
    }

    private void add(FieldError error) {
        if (errors.size() < LIMIT) {
            errors.add(error);
        }
    }

    public void required(String field, String detail) {
        add(FieldError.required(field, detail));
    }

    public void invalid(String field, JsonNode value, String detail) {
        add(FieldError.invalid(field, shown(value), detail));
    }

    public void invalid(String field, String value, String detail) {
        invalid(field, JsonNodeFactory.instance.textNode(value), detail);
    }

    /** Says all that is wrong with a text as one problem; none when there is nothing. */
    public void invalid(String field, String value, List<String> words, String separator) {
        if (!words.isEmpty()) {
            invalid(field, value, String.join(separator, words));
        }
    }

    /** @param shown the value as {@link GoSyntax} shows it */
    public void invalidShown(String field, String shown, String detail) {
        add(FieldError.invalid(field, limited(shown), detail));
    }

    public void forbidden(String field, String detail) {
        add(FieldError.forbidden(field, detail));
    }

    /** What the server cannot judge. */
    public void internal(String field, String detail) {
        add(new FieldError(Type.INTERNAL, field, "", detail));
    }

    public void duplicate(String field, JsonNode value) {
        add(new FieldError(Type.DUPLICATE, field, shown(value), ""));
    }

    /** @param shown the value as {@link GoSyntax} shows it */
    public void duplicateShown(String field, String shown, String detail) {
        add(new FieldError(Type.DUPLICATE, field, limited(shown), detail));
    }

    public void notFound(String field, String value) {
        notFound(field, value, "");
    }

    public void notFound(String field, String value, String detail) {
        add(new FieldError(Type.NOT_FOUND, field, shown(JsonNodeFactory.instance.textNode(value)), detail));
    }

    public void tooLong(String field, int bytes) {
        add(new FieldError(Type.TOO_LONG, field, "", "may not be more than " + bytes + " bytes"));
    }

    public void tooMany(String field, int count, int limit) {
        add(new FieldError(Type.TOO_MANY, field, Integer.toString(count), "must have at most " + limit + " items"));
    }

    public void notSupported(String field, JsonNode value, List<String> supported) {
        notSupportedShown(field, shown(value), supported);
    }

    /** @param shown the value as {@link GoSyntax} shows it */
    public void notSupportedShown(String field, String shown, List<String> supported) {
        add(new FieldError(
                Type.NOT_SUPPORTED,
                field,
                limited(shown),
                "supported values: \"" + String.join("\", \"", supported) + "\""));
    }

    private static String shown(JsonNode value) {
        // What is not there is quoted, as a nil pointer is in Kubernetes' errors.
        String json = value.isMissingNode() || value.isNull() ? "\"null\"" : value.toString();
        return limited(json);
    }

    private static String limited(String shown) {
        return shown.length() <= SHOWN_VALUE ? shown : shown.substring(0, SHOWN_VALUE) + "…";
    }

    /** A text that is there and not empty. Returns whether it is. */
    public boolean requireText(String field, JsonNode object, String name, String detail) {
        if (Tree.has(object, name)) {
            return true;
        }
        required(field + "." + name, detail);
        return false;
    }

    /** One of a few words; absent is not judged. */
    public void oneOf(String field, JsonNode value, List<String> supported) {
        if (!Tree.isAbsent(value) && !supported.contains(value.asText())) {
            notSupported(field, value, supported);
        }
    }

    /** A name of this shape; absent is not judged. */
    public void named(String field, JsonNode value, NameRule rule) {
        if (!Tree.isAbsent(value)) {
            rule.problems(value.asText()).forEach(words -> invalid(field, value, words));
        }
    }

    /** The name of a kind: in lower case, a label. */
    public void kind(String field, String kind) {
        List<String> words = NameRule.DNS_1035_LABEL.problems(kind.toLowerCase(Locale.ROOT));
        if (!words.isEmpty()) {
            invalid(field, kind, "may have mixed case, but should otherwise match: " + String.join(",", words));
        }
    }

    /** A whole number of at least zero; absent is not judged. */
    public void notNegative(String field, JsonNode value) {
        if (value.isNumber() && value.decimalValue().signum() < 0) {
            invalid(field, value, "must be greater than or equal to 0");
        }
    }

    public void positive(String field, JsonNode value) {
        if (value.isNumber() && value.decimalValue().signum() <= 0) {
            invalid(field, value, "must be greater than 0");
        }
    }

    /** A port number; absent is not judged. */
    public void port(String field, JsonNode value) {
        if (!Tree.isAbsent(value) && !PortRules.isPort(value)) {
            invalid(field, value, PortRules.PORT_WORDS);
        }
    }

    /** Says that a selector may not change, when it did. */
    public void immutableSelector(String field, JsonNode updated, JsonNode old) {
        if (!Tree.same(updated, old)) {
            invalidShown(field, GoSyntax.labelSelector(updated), "field is immutable");
        }
    }

    /** Says that a field may not change, when it did. */
    public void immutable(String field, JsonNode updated, JsonNode old) {
        if (!Tree.same(updated, old)) {
            invalid(field, updated, "field is immutable");
        }
    }
}
