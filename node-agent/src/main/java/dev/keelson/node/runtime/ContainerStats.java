package dev.keelson.node.runtime;

/** Use of one container: CPU time since its start in nanoseconds, memory working set and total in bytes, tasks. */
public record ContainerStats(long cpuNanos, long memoryWorkingSetBytes, long memoryUsageBytes, long pids) {}
