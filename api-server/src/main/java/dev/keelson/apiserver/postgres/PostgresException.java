package dev.keelson.apiserver.postgres;

/** The embedded PostgreSQL cannot be set up or reached; the message names the remedy. */
public final class PostgresException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public PostgresException(String message) {
        super(message);
    }

    public PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
