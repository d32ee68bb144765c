package dev.keelson.linux;

/** What a group and the groups below it have used. */
public record CgroupUsage(Cpu cpu, Memory memory, long pids) {

    /** Time since the group was made; the user's and the kernel's part of it are kept in coarser units by v1. */
    public record Cpu(
            long nanos, long userNanos, long systemNanos, long periods, long throttledPeriods, long throttledNanos) {}

    /** Bytes now, and page faults since the group was made. */
    public record Memory(
            long bytes,
            long inactiveFileBytes,
            long rssBytes,
            long cacheBytes,
            long swapBytes,
            long faults,
            long majorFaults) {

        /** What the kernel could not take back without pain, as the kubelet computes it. */
        public long workingSetBytes() {
            return Math.max(0, bytes - inactiveFileBytes);
        }
    }
}
