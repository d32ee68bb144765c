package dev.keelson.linux;

import java.util.OptionalLong;

/**
 * Limits in the kernel's units; an empty value leaves what is set.
 *
 * @param cpuShares weight in v1 shares, 2 to 262144; 1 CPU is 1024
 * @param cpuQuotaMicros microseconds of CPU time per 100 ms
 * @param memoryBytes hard limit without swap
 * @param pids how many processes and threads
 */
public record CgroupLimits(
        OptionalLong cpuShares, OptionalLong cpuQuotaMicros, OptionalLong memoryBytes, OptionalLong pids) {
    static final long PERIOD_MICROS = 100_000;
}
