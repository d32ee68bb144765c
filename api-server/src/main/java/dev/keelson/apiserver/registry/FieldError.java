package dev.keelson.apiserver.registry;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One problem of one field, worded as Kubernetes words it (apimachinery's field.Error).
 *
 * @param field path such as {@code spec.containers[0].name}
 * @param badValue the offending value as JSON, empty when there is nothing to show
 */
public record FieldError(Type type, String field, String badValue, String detail) {

    /** The {@code reason} of a StatusCause and the words that begin its message. */
    public enum Type {
        REQUIRED("FieldValueRequired", "Required value"),
        INVALID("FieldValueInvalid", "Invalid value"),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        TOO_LONG("FieldValueTooLong", "Too long"),
        TOO_MANY("FieldValueTooMany", "Too many"),
        NOT_FOUND("FieldValueNotFound", "Not found"),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value"),
        INTERNAL("InternalError", "Internal error");

        private final String reason;
        private final String words;

        Type(String reason, String words) {
            this.reason = reason;
            this.words = words;
        }

        public String reason() {
            return reason;
        }
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(Type.REQUIRED, field, "", detail);
    }

    public static FieldError invalid(String field, String badValue, String detail) {
        return new FieldError(Type.INVALID, field, badValue, detail);
    }

    /** @param supported what would be accepted, in the order in which it is named */
    public static FieldError notSupported(String field, String badValue, List<String> supported) {
        String listed = supported.stream().map(value -> "\"" + value + "\"").collect(Collectors.joining(", "));
        return new FieldError(Type.NOT_SUPPORTED, field, "\"" + badValue + "\"", "supported values: " + listed);
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(Type.FORBIDDEN, field, "", detail);
    }

    /** The message of the StatusCause: {@code Invalid value: "x": must be …}. */
    public String message() {
        String shown = badValue.isEmpty() ? type.words : type.words + ": " + badValue;
        return detail.isEmpty() ? shown : shown + ": " + detail;
    }
}
