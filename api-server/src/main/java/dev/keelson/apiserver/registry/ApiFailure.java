package dev.keelson.apiserver.registry;

import dev.keelson.apiserver.registry.StatusDetails.Cause;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A request that the server refuses; the only exception whose words reach a client. The texts are those of
 * apimachinery's {@code api/errors}, because clients and people match on them.
 */
public final class ApiFailure extends RuntimeException {
    private final StatusReason reason;
    private final StatusDetails details;
    private final String continueToken;

    public ApiFailure(StatusReason reason, String message, StatusDetails details) {
        this(reason, message, details, "");
    }

    private ApiFailure(StatusReason reason, String message, StatusDetails details, String continueToken) {
        // No stack trace: a refusal is an answer, not a fault of the program.
        super(message, null, false, false);
        this.reason = reason;
        this.details = details;
        this.continueToken = continueToken;
    }

    public StatusReason reason() {
        return reason;
    }

    public StatusDetails details() {
        return details;
    }

    /** What the Status's metadata offers to go on with after an expired list, or empty. */
    public String continueToken() {
        return continueToken;
    }

    public static ApiFailure badRequest(String message) {
        return new ApiFailure(StatusReason.BAD_REQUEST, message, StatusDetails.NONE);
    }

    public static ApiFailure unauthorized() {
        return new ApiFailure(StatusReason.UNAUTHORIZED, "Unauthorized", StatusDetails.NONE);
    }

    public static ApiFailure notFound(ResourceDefinition kind, String name) {
        return new ApiFailure(
                StatusReason.NOT_FOUND, "%s \"%s\" not found".formatted(qualified(kind), name), named(kind, name));
    }

    /** The answer for a path that leads nowhere. */
    public static ApiFailure noSuchPath() {
        return new ApiFailure(StatusReason.NO_SUCH_PATH, "404 page not found", StatusDetails.NONE);
    }

    /** The answer for a path that leads nowhere within a group that Kubernetes itself serves. */
    public static ApiFailure noSuchResource() {
        return new ApiFailure(
                StatusReason.NOT_FOUND, "the server could not find the requested resource", StatusDetails.NONE);
    }

    /** For a path that is there, but not for this method: a built-in kind, or one that only tells something. */
    public static ApiFailure methodNotAllowed() {
        return new ApiFailure(
                StatusReason.METHOD_NOT_ALLOWED,
                "the server does not allow this method on the requested resource",
                StatusDetails.NONE);
    }

    public static ApiFailure alreadyExists(ResourceDefinition kind, String name) {
        return new ApiFailure(
                StatusReason.ALREADY_EXISTS,
                "%s \"%s\" already exists".formatted(qualified(kind), name),
                named(kind, name));
    }

    public static ApiFailure conflict(ResourceDefinition kind, String name, String why) {
        return new ApiFailure(
                StatusReason.CONFLICT,
                "Operation cannot be fulfilled on %s \"%s\": %s".formatted(qualified(kind), name, why),
                named(kind, name));
    }

    /** The conflict of a stale resourceVersion. */
    public static ApiFailure modified(ResourceDefinition kind, String name) {
        return conflict(
                kind,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiFailure forbidden(ResourceDefinition kind, String name, String why) {
        return new ApiFailure(
                StatusReason.FORBIDDEN,
                "%s \"%s\" is forbidden: %s".formatted(qualified(kind), name, why),
                named(kind, name));
    }

    /** Only the server of custom kinds says what was not allowed. */
    public static ApiFailure methodNotAllowed(ResourceDefinition kind, String verb) {
        if (kind.strategy().isBuiltIn()) {
            return methodNotAllowed();
        }
        return new ApiFailure(
                StatusReason.METHOD_NOT_ALLOWED,
                "%s is not supported on resources of kind \"%s\"".formatted(verb, qualified(kind)),
                named(kind, ""));
    }

    /** Validation errors, all in one answer. */
    public static ApiFailure invalid(ResourceDefinition kind, String name, List<FieldError> errors) {
        String list = errors.stream()
                .map(error -> error.field() + ": " + error.message())
                .distinct()
                .collect(Collectors.joining(", "));
        List<Cause> causes = errors.stream()
                .map(error -> new Cause(error.type().reason(), error.message(), error.field()))
                .toList();
        String kindWithGroup = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
        return new ApiFailure(
                StatusReason.INVALID,
                "%s \"%s\" is invalid: %s".formatted(kindWithGroup, name, errors.size() > 1 ? "[" + list + "]" : list),
                StatusDetails.of(name, kind.group(), kind.kind()).withCauses(causes));
    }

    /** Validation errors of a request's options, such as {@code PatchOptions}. */
    public static ApiFailure invalidOptions(String options, FieldError error) {
        Cause cause = new Cause(error.type().reason(), error.message(), error.field());
        return new ApiFailure(
                StatusReason.INVALID,
                "%s.meta.k8s.io \"\" is invalid: %s: %s".formatted(options, error.field(), error.message()),
                StatusDetails.of("", "meta.k8s.io", options).withCauses(List.of(cause)));
    }

    public static ApiFailure expired(String message) {
        return new ApiFailure(StatusReason.EXPIRED, message, StatusDetails.NONE);
    }

    /** An expired list that may be continued, without consistency, from the token. */
    public static ApiFailure expired(String message, String continueToken) {
        return new ApiFailure(StatusReason.EXPIRED, message, StatusDetails.NONE, continueToken);
    }

    public static ApiFailure unavailable(String message) {
        return new ApiFailure(StatusReason.SERVICE_UNAVAILABLE, message, StatusDetails.NONE.withRetryAfter(1));
    }

    /** What another one said, passed on as it is: Kubernetes adds neither words nor a reason. */
    public static ApiFailure unknown(String message) {
        return new ApiFailure(StatusReason.UNKNOWN, message, StatusDetails.NONE);
    }

    public static ApiFailure internal(String message) {
        return new ApiFailure(
                StatusReason.INTERNAL_ERROR,
                "Internal error occurred: " + message,
                StatusDetails.NONE.withCauses(List.of(new Cause("", message, ""))));
    }

    /** {@code pods} or {@code deployments.apps}. */
    private static String qualified(ResourceDefinition kind) {
        return kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    }

    private static StatusDetails named(ResourceDefinition kind, String name) {
        return StatusDetails.of(name, kind.group(), kind.plural());
    }
}
