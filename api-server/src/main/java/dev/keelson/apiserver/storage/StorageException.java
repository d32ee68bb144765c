package dev.keelson.apiserver.storage;

/** A write or read that storage refused; the kind decides the HTTP status. */
public final class StorageException extends RuntimeException {
    public enum Kind {
        NOT_FOUND,
        ALREADY_EXISTS,
        CONFLICT,
        /** The revision is older than the history that is kept. */
        EXPIRED,
        /** The database cannot be reached now. */
        UNAVAILABLE,
        INTERNAL
    }

    private final Kind kind;

    public StorageException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public StorageException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
