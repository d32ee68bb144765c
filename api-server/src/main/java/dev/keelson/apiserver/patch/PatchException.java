package dev.keelson.apiserver.patch;

import java.util.List;

/** A patch that cannot be applied; the kind decides the HTTP status. */
public final class PatchException extends RuntimeException {

    public enum Kind {
        /** The patch itself is not well formed. */
        MALFORMED(400),
        /** Server-side apply would take fields that others own. */
        CONFLICT(409),
        TOO_LARGE(413),
        /** The format is not defined for this kind. */
        UNSUPPORTED(415),
        /** The patch is well formed but does not fit the object, for example a failed test. */
        UNPROCESSABLE(422);

        private final int httpStatus;

        Kind(int httpStatus) {
            this.httpStatus = httpStatus;
        }

        public int httpStatus() {
            return httpStatus;
        }
    }

    private final Kind kind;
    private final transient List<ApplyConflict> conflicts;

    public PatchException(Kind kind, String message) {
        this(kind, message, List.of());
    }

    PatchException(Kind kind, String message, List<ApplyConflict> conflicts) {
        super(message);
        this.kind = kind;
        this.conflicts = List.copyOf(conflicts);
    }

    static PatchException malformed(String message) {
        return new PatchException(Kind.MALFORMED, message);
    }

    static PatchException unprocessable(String message) {
        return new PatchException(Kind.UNPROCESSABLE, message);
    }

    public Kind kind() {
        return kind;
    }

    /** The fields in conflict, each a cause {@code FieldManagerConflict} of the Status; empty for other kinds. */
    public List<ApplyConflict> conflicts() {
        return conflicts;
    }
}
