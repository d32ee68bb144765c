package dev.keelson.apiserver.registry;

import java.util.List;

/**
 * The {@code details} of a Kubernetes Status (meta.k8s.io/v1 StatusDetails); empty strings and lists are left out.
 *
 * @param kind plural resource name, or the kind for validation errors, as Kubernetes does it
 * @param retryAfterSeconds 0 when the client gets no advice
 */
public record StatusDetails(
        String name, String group, String kind, String uid, List<Cause> causes, int retryAfterSeconds) {
    public static final StatusDetails NONE = new StatusDetails("", "", "", "", List.of(), 0);

    /** One of several reasons; {@code field} is a path such as {@code spec.replicas}, or empty. */
    public record Cause(String reason, String message, String field) {}

    public StatusDetails {
        causes = List.copyOf(causes);
    }

    public static StatusDetails of(String name, String group, String kind) {
        return new StatusDetails(name, group, kind, "", List.of(), 0);
    }

    public StatusDetails withCauses(List<Cause> found) {
        return new StatusDetails(name, group, kind, uid, found, retryAfterSeconds);
    }

    public StatusDetails withUid(String known) {
        return new StatusDetails(name, group, kind, known, causes, retryAfterSeconds);
    }

    public StatusDetails withRetryAfter(int seconds) {
        return new StatusDetails(name, group, kind, uid, causes, seconds);
    }
}
