package dev.keelson.crds.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How an object is deleted.
 *
 * @param uid only the object with this uid is deleted; empty for no such precondition
 * @param gracePeriod time a pod gets to stop; empty for what its spec says
 * @param propagationPolicy {@code Background}, {@code Foreground} or {@code Orphan}
 */
public record DeleteOptions(String uid, Optional<Duration> gracePeriod, String propagationPolicy) {
    public static final DeleteOptions BACKGROUND = new DeleteOptions("", Optional.empty(), "Background");

    public DeleteOptions withUid(String required) {
        return new DeleteOptions(required, gracePeriod, propagationPolicy);
    }

    public DeleteOptions withGracePeriod(Duration grace) {
        return new DeleteOptions(uid, Optional.of(grace), propagationPolicy);
    }
}
