package dev.keelson.apiserver.storage.postgres;

import io.vertx.pgclient.PgException;

/** What a failed batch means, by PostgreSQL's error codes (its manual, appendix A). */
enum Failure {
    /** The connection or the server went away while the batch was under way: it may have been committed. */
    UNKNOWN,
    /** Rolled back, and worth trying again as it is. */
    RETRY,
    /** Rolled back: no partition for the revision. */
    NO_PARTITION,
    /** Rolled back: the database no longer knows the writer. */
    FORGOTTEN,
    /** Rolled back: the database cannot write now (disk full, read only, out of memory). */
    UNABLE,
    /** Rolled back: one of the writes is something that the database cannot store. */
    REFUSED;

    static Failure of(Throwable error) {
        if (!(error instanceof PgException refused)) {
            return UNKNOWN;
        }
        String state = refused.getSqlState();
        if (state.equals("KE001")) {
            return FORGOTTEN;
        }
        if (state.equals("23514")) {
            return NO_PARTITION;
        }
        return switch (state.substring(0, 2)) {
            case "57" -> state.equals("57014") ? RETRY : UNKNOWN;
            case "08" -> UNKNOWN;
            case "40" -> RETRY;
            case "25", "53", "58" -> UNABLE;
            default -> REFUSED;
        };
    }
}
