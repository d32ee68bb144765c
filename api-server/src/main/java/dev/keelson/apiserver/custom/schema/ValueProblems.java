package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.FieldError.Type;
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

    /** Says that the value is not of the type, unless it is; answers whether it is. */
    boolean type(boolean fits, String path, String type, JsonNode value) {
        if (!fits) {
            String found = "\"" + typeOf(value) + "\"";
            String detail = "%s must be of type %s: %s".formatted(inBody(path), type, found);
            add(new FieldError(Type.TYPE_INVALID, field(path), found, detail));
        }
        return fits;
    }

    void wrongFormat(String path, JsonNode value, String format) {
        String detail = "%s must be of type %s: %s".formatted(inBody(path), format, shown(value));
        add(new FieldError(Type.TYPE_INVALID, field(path), shown(value), detail));
    }

    void invalid(String path, JsonNode value, String words) {
        add(FieldError.invalid(field(path), shown(value), inBody(path) + " " + words));
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
        String json = value.toString();
        return json.length() <= SHOWN
                ? json
                : JsonNodeFactory.instance
                        .textNode(json.substring(0, SHOWN) + "…")
                        .toString();
    }

    private static String inBody(String path) {
        return path + " in body";
    }

    private static String field(String path) {
        return path.isEmpty() ? "<nil>" : path;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NUMBER -> ValueCheck.isWhole(value) ? "integer" : "number";
            case STRING -> "string";
            case NULL, MISSING -> "null";
            default -> "object";
        };
    }
}
