package dev.keelson.linux;

/** What a group has used: CPU nanoseconds, memory bytes now, of these inactive page cache, tasks now. */
public record CgroupUsage(long cpuNanos, long memoryBytes, long inactiveFileBytes, long pids) {

    /** What the kernel could not take back without pain, as the kubelet computes it. */
    public long workingSetBytes() {
        return Math.max(0, memoryBytes - inactiveFileBytes);
    }
}
