package dev.keelson.apiserver.registry;

/** Why a request was refused: the {@code reason} of a Kubernetes Status and the HTTP code that goes with it. */
public enum StatusReason {
    BAD_REQUEST(400, "BadRequest"),
    UNAUTHORIZED(401, "Unauthorized"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "NotFound"),
    /** Where no kind and no path is: said in plain text, as Go's servers do. */
    NO_SUCH_PATH(404, ""),
    METHOD_NOT_ALLOWED(405, "MethodNotAllowed"),
    NOT_ACCEPTABLE(406, "NotAcceptable"),
    ALREADY_EXISTS(409, "AlreadyExists"),
    CONFLICT(409, "Conflict"),
    EXPIRED(410, "Expired"),
    TOO_LARGE(413, "RequestEntityTooLarge"),
    UNSUPPORTED_MEDIA_TYPE(415, "UnsupportedMediaType"),
    INVALID(422, "Invalid"),
    TOO_MANY_REQUESTS(429, "TooManyRequests"),
    /** A refusal that Kubernetes gives no reason for. */
    UNKNOWN(500, ""),
    INTERNAL_ERROR(500, "InternalError"),
    NOT_IMPLEMENTED(501, "NotImplemented"),
    SERVICE_UNAVAILABLE(503, "ServiceUnavailable"),
    TIMEOUT(504, "Timeout");

    private final int code;
    private final String word;

    StatusReason(int code, String word) {
        this.code = code;
        this.word = word;
    }

    /** The HTTP status code. */
    public int code() {
        return code;
    }

    /** The word that clients compare; empty when there is none. */
    public String word() {
        return word;
    }
}
