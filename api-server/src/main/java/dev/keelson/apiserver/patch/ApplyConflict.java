package dev.keelson.apiserver.patch;

/**
 * A field that another manager owns with another value.
 *
 * @param manager as messages show it: {@code "kubectl" using apps/v1 at 2026-01-01T00:00:00Z}
 * @param field path such as {@code .spec.replicas}
 */
public record ApplyConflict(String manager, String field) {

    /** The message of the StatusCause. */
    public String message() {
        return "conflict with " + manager;
    }
}
