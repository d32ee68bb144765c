package dev.keelson.node.runtime;

import java.util.OptionalLong;

/**
 * Cgroup limits in the kernel's units; an empty value sets nothing.
 *
 * @param cpuShares weight in cgroup v1 shares (2 to 262144); 1 CPU is 1024
 * @param cpuQuotaMicros microseconds of CPU time per 100 ms period
 * @param memoryBytes hard limit
 * @param pids how many processes and threads may exist
 */
public record Resources(
        OptionalLong cpuShares, OptionalLong cpuQuotaMicros, OptionalLong memoryBytes, OptionalLong pids) {
    public static final Resources NONE =
            new Resources(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
}
