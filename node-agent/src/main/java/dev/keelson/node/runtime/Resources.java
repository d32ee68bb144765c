package dev.keelson.node.runtime;

import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Limits in the kernel's units, as the CRI's LinuxContainerResources; an empty value sets nothing.
 *
 * @param cpuShares weight in cgroup v1 shares (2 to 262144); 1 CPU is 1024
 * @param cpuQuotaMicros microseconds of CPU time per 100 ms period
 * @param memoryBytes hard limit
 * @param pids how many processes and threads may exist
 * @param hugepages bytes that may be used of pages of a size, by that size in bytes
 * @param oomScoreAdjust how early the kernel ends the container's processes when the machine is out of memory, -1000 to
 *     1000, proc(5); what the agent may not set stays at its own value. Read when a process starts.
 */
public record Resources(
        OptionalLong cpuShares,
        OptionalLong cpuQuotaMicros,
        OptionalLong memoryBytes,
        OptionalLong pids,
        Map<Long, Long> hugepages,
        OptionalInt oomScoreAdjust) {
    public static final Resources NONE =
            new Resources(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

    public Resources {
        hugepages = Map.copyOf(hugepages);
    }

    public Resources(OptionalLong cpuShares, OptionalLong cpuQuotaMicros, OptionalLong memoryBytes, OptionalLong pids) {
        this(cpuShares, cpuQuotaMicros, memoryBytes, pids, Map.of(), OptionalInt.empty());
    }

    public Resources withOomScoreAdjust(int score) {
        return new Resources(cpuShares, cpuQuotaMicros, memoryBytes, pids, hugepages, OptionalInt.of(score));
    }
}
