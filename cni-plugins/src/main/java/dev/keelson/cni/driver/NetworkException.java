package dev.keelson.cni.driver;

/** The one exception family of the network room. The kind alone decides whether the caller's loop tries again. */
public final class NetworkException extends RuntimeException {

    /** What the caller's loop does next depends on this alone. */
    public enum Kind {
        INVALID,
        /** Something else on this host holds the range, name, address or port. */
        CONFLICT,
        TRANSIENT,
        INTERNAL
    }

    private final Kind kind;

    public NetworkException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public NetworkException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
