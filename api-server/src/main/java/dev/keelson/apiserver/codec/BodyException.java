package dev.keelson.apiserver.codec;

/** A request body that cannot be read; the message says what was found, where, and what would be accepted. */
public final class BodyException extends RuntimeException {

    /** Decides the HTTP status. */
    public enum Kind {
        /** The bytes are not what the content type promises, or break a limit on their shape. */
        MALFORMED(400),
        /** More bytes or more nodes than the server reads. */
        TOO_LARGE(413),
        /** A content type that the server does not speak. */
        UNSUPPORTED(415);

        private final int httpStatus;

        Kind(int httpStatus) {
            this.httpStatus = httpStatus;
        }

        public int httpStatus() {
            return httpStatus;
        }
    }

    private final Kind kind;

    public BodyException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    BodyException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static BodyException malformed(String message) {
        return new BodyException(Kind.MALFORMED, message);
    }

    public Kind kind() {
        return kind;
    }
}
