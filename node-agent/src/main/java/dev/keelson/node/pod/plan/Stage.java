package dev.keelson.node.pod.plan;

import java.time.Duration;

/** The steps of a pod's start and end that can fail and are tried again, with how patiently. */
public enum Stage {
    SANDBOX(Duration.ofSeconds(1), Duration.ofSeconds(30)),
    NETWORK(Duration.ofSeconds(1), Duration.ofSeconds(30)),
    VOLUMES(Duration.ofMillis(500), Duration.ofMinutes(2)),
    IMAGE(Duration.ofSeconds(10), Duration.ofMinutes(5)),
    CONFIG(Duration.ofSeconds(1), Duration.ofSeconds(10)),
    START(Duration.ofSeconds(10), Duration.ofMinutes(5)),
    RESIZE(Duration.ofSeconds(1), Duration.ofSeconds(30)),
    STOP(Duration.ofMillis(500), Duration.ofSeconds(10)),
    CLEANUP(Duration.ofMillis(500), Duration.ofSeconds(30)),
    DELETE(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final Duration first;
    private final Duration longest;

    Stage(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
    }

    /** How long to wait after the n-th failure in a row (n from 1): doubling up to the longest. */
    Duration retryAfter(int failures) {
        Duration delay = first.multipliedBy(1L << Math.min(Math.max(failures, 1) - 1, 20));
        return delay.compareTo(longest) > 0 ? longest : delay;
    }
}
