package dev.keelson.crds.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How an object is deleted.
 *
 * @param uid only the object with this uid is deleted; empty for no such precondition
 * @param resourceVersion only this state of the object is deleted; empty for no such precondition
 * @param gracePeriod time a pod gets to stop; empty for what its spec says
 * @param propagationPolicy {@code Background}, {@code Foreground} or {@code Orphan}
 */
public record DeleteOptions(
        String uid, String resourceVersion, Optional<Duration> gracePeriod, String propagationPolicy) {
    public static final DeleteOptions BACKGROUND = with("Background");

    /** Without preconditions. */
    public static DeleteOptions with(String propagationPolicy) {
        return new DeleteOptions("", "", Optional.empty(), propagationPolicy);
    }

    public DeleteOptions withUid(String required) {
        return new DeleteOptions(required, resourceVersion, gracePeriod, propagationPolicy);
    }

    public DeleteOptions withResourceVersion(String required) {
        return new DeleteOptions(uid, required, gracePeriod, propagationPolicy);
    }

    public DeleteOptions withGracePeriod(Duration grace) {
        return new DeleteOptions(uid, resourceVersion, Optional.of(grace), propagationPolicy);
    }
}
