package dev.keelson.linux;

import java.util.Map;
import java.util.OptionalLong;

/**
 * Limits in the kernel's units; an empty value leaves what is set.
 *
 * @param cpuShares weight in v1 shares, 2 to 262144; 1 CPU is 1024
 * @param cpuQuotaMicros microseconds of CPU time per 100 ms
 * @param memoryBytes hard limit without swap
 * @param pids how many processes and threads
 * @param hugepages bytes that may be used of pages of a size, by that size in bytes; without effect where the machine has
 *     no {@code hugetlb} controller beside the others
 * @param diesTogether when memory ends, all processes of the group are killed and not only one; v2 only
 */
public record CgroupLimits(
        OptionalLong cpuShares,
        OptionalLong cpuQuotaMicros,
        OptionalLong memoryBytes,
        OptionalLong pids,
        Map<Long, Long> hugepages,
        boolean diesTogether) {
    static final long PERIOD_MICROS = 100_000;

    public CgroupLimits {
        hugepages = Map.copyOf(hugepages);
    }
}
