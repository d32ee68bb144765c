package dev.keelson.crds.client;

/** A request that the API server refused, or that never reached it. */
public final class ApiException extends RuntimeException {

    /** What went wrong, as far as the caller's next step depends on it. */
    public enum Kind {
        NOT_FOUND,
        ALREADY_EXISTS,
        CONFLICT,
        INVALID,
        FORBIDDEN,
        EXPIRED,
        TRANSIENT,
        INTERNAL
    }

    private final Kind kind;
    private final int httpStatus;

    public ApiException(Kind kind, int httpStatus, String message) {
        super(message);
        this.kind = kind;
        this.httpStatus = httpStatus;
    }

    public ApiException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.httpStatus = 0;
    }

    public Kind kind() {
        return kind;
    }

    /** The HTTP status, or 0 when no answer arrived. */
    public int httpStatus() {
        return httpStatus;
    }
}
