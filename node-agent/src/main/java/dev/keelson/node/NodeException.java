package dev.keelson.node;

/** The one exception family of the node agent. The message says what was wrong, where, and what would be right. */
public final class NodeException extends RuntimeException {

    /** What the caller's loop does next depends on this alone. */
    public enum Kind {
        /** The request or image or spec is wrong and stays wrong until somebody changes it. */
        INVALID,
        NOT_FOUND,
        /** Something else holds what is needed. */
        CONFLICT,
        /** Worth trying again with back-off. */
        TRANSIENT,
        INTERNAL
    }

    private final Kind kind;
    private final String reason;

    /** @param reason CamelCase reason as in an Event or a container's waiting state, such as {@code ErrImagePull} */
    public NodeException(Kind kind, String reason, String message) {
        super(message);
        this.kind = kind;
        this.reason = reason;
    }

    public NodeException(Kind kind, String reason, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.reason = reason;
    }

    public Kind kind() {
        return kind;
    }

    public String reason() {
        return reason;
    }
}
