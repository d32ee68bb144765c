package dev.keelson.apiserver.storage;

/**
 * The two ways revisions are counted. Kubernetes lets resource versions be compared only between objects of one
 * resource, so a resource belongs to exactly one sequence.
 */
public enum Sequence {
    /** The revision log: contiguous, kept for the retention window, resumed exactly. */
    LOG,
    /**
     * Heartbeats (Leases): only the newest state is stored, with a counter of its own. A reader that was away sees the
     * newest state of everything that changed, not each renewal in between.
     */
    HEARTBEAT;

    public static Sequence of(String group, String resource) {
        return group.equals("coordination.k8s.io") && resource.equals("leases") ? HEARTBEAT : LOG;
    }

    public static Sequence of(ObjectKey key) {
        return of(key.group(), key.resource());
    }
}
