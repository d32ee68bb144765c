package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.FieldError.Type;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Field errors as apiextensions makes them of what kube-openapi finds. */
final class ValueProblems {
    /** More than these help nobody, and cost. */
    private static final int LIMIT = 100;

    private static final int SHOWN = 256;

    private final List<FieldError> errors = new ArrayList<>();

    List<FieldError> list() {
        return List.copyOf(errors);
    }

    boolean isEmpty() {
        return errors.isEmpty();
    }

    int size() {
        return errors.size();
    }

    void addAll(ValueProblems more) {
        more.errors.forEach(this::add);
    }

    /** Takes back all but the first ones. */
    void forgetAfter(int first) {
        errors.subList(first, errors.size()).clear();
    }

    void add(FieldError error) {
        if (errors.size() < LIMIT) {
            errors.add(error);
        }
    }

    /** @param found the type that the value has instead */
    void wrongType(String path, String type, String found) {
        String shown = "\"" + found + "\"";
        String detail = "%s must be of type %s: %s".formatted(inBody(path), type, shown);
        add(new FieldError(Type.TYPE_INVALID, field(path), shown, detail));
    }

    void wrongFormat(String path, JsonNode value, String format) {
        String detail = "%s must be of type %s: %s".formatted(inBody(path), format, shown(value));
        add(new FieldError(Type.TYPE_INVALID, field(path), shown(value), detail));
    }

    void invalid(String path, JsonNode value, String words) {
        add(FieldError.invalid(field(path), shown(value), inBody(path) + " " + words));
    }

    /** @param shown what of the value is shown */
    void invalid(String path, String shown, String words) {
        add(FieldError.invalid(field(path), shown, inBody(path) + " " + words));
    }

    void notAllowed(String path, String name) {
        String shown = TextNode.valueOf(name).toString();
        add(FieldError.invalid(field(path), shown, path + "." + inBody(name) + " is a forbidden property"));
    }

    void required(String path) {
        add(FieldError.required(path, ""));
    }

    void unsupported(String path, JsonNode value, JsonNode allowed) {
        String list = allowed.valueStream()
                .map(one -> "\"" + (one.isTextual() ? one.textValue() : one.toString()) + "\"")
                .collect(Collectors.joining(", "));
        add(new FieldError(Type.NOT_SUPPORTED, field(path), shown(value), "supported values: " + list));
    }

    void tooLong(String path, long most) {
        add(new FieldError(
                Type.TOO_LONG, field(path), "", "may not be more than " + most + (most == 1 ? " byte" : " bytes")));
    }

    void tooMany(String path, JsonNode value, long most) {
        String detail = "must have at most " + most + (most == 1 ? " item" : " items");
        add(new FieldError(Type.TOO_MANY, field(path), Integer.toString(value.size()), detail));
    }

    void duplicate(String path, JsonNode value) {
        add(new FieldError(Type.DUPLICATE, path, shown(value), ""));
    }

    /** A finding that is not about one field: kube-openapi has no path for it, and Kubernetes prints exactly this. */
    void unplaced(String words) {
        add(FieldError.invalid("<nil>", "\"\"", words));
    }

    static String shown(JsonNode value) {
        String text = GoSyntax.value(value);
        return text.length() <= SHOWN
                ? text
                : TextNode.valueOf(text.substring(0, SHOWN) + "…").toString();
    }

    private static String inBody(String path) {
        return path + " in body";
    }

    private static String field(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case STRING -> "string";
            case NULL, MISSING -> "null";
            default -> "object";
        };
    }
}
