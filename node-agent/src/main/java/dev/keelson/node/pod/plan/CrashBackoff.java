package dev.keelson.node.pod.plan;

import java.time.Duration;

/**
 * How long a container that keeps exiting waits before it runs again: the first restart is immediate, then 10 s
 * doubling to 5 min; a run of 10 min or more makes the next restart immediate again (Kubernetes: pod lifecycle,
 * "Container restarts").
 */
public final class CrashBackoff {
    static final Duration FIRST = Duration.ofSeconds(10);
    public static final Duration LONGEST = Duration.ofMinutes(5);
    public static final Duration FORGIVEN_AFTER = Duration.ofMinutes(10);

    private CrashBackoff() {}

    /**
     * @param earlierRestarts restarts in this series of crashes before the exit that is looked at
     * @param ran how long the run that just ended had lasted
     */
    static Duration delay(int earlierRestarts, Duration ran) {
        if (earlierRestarts <= 0 || forgives(ran)) {
            return Duration.ZERO;
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(earlierRestarts - 1, 10));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    public static boolean forgives(Duration ran) {
        return ran.compareTo(FORGIVEN_AFTER) >= 0;
    }
}
