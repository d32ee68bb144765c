package dev.keelson.linux;

import java.util.List;

/**
 * What a group and the groups below it have used.
 *
 * @param block by block device; none on v1, where no groups are made for the controller that counts it
 */
public record CgroupUsage(Cpu cpu, Memory memory, long pids, List<BlockUse> block) {

    public CgroupUsage {
        block = List.copyOf(block);
    }

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
