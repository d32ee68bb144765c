package dev.keelson.node.runtime;

import dev.keelson.linux.CgroupUsage;

/** What one container, or a pod as a whole, uses. */
public record ContainerStats(CgroupUsage usage) {

    public long cpuNanos() {
        return usage.cpu().nanos();
    }

    public long memoryWorkingSetBytes() {
        return usage.memory().workingSetBytes();
    }

    public long memoryUsageBytes() {
        return usage.memory().bytes();
    }

    public long pids() {
        return usage.pids();
    }
}
