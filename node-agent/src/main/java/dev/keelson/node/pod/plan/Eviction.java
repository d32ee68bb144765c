package dev.keelson.node.pod.plan;

import java.time.Duration;

/**
 * The node ends a pod for the sake of others; it does not start again.
 *
 * @param message why, for the pod's status
 * @param grace how long stopping may take
 */
public record Eviction(String message, Duration grace) {
    /** What the kubelet gives a pod that has to go at once. */
    public static final Duration AT_ONCE = Duration.ofSeconds(1);
}
