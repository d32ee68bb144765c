package dev.keelson.node.eviction;

import dev.keelson.linux.DiskUse;
import dev.keelson.node.pod.spec.DesiredPod;
import java.util.List;

/**
 * A pod that the node may end for its own sake.
 *
 * @param critical never ended: static pods and those of the system's priority classes
 * @param memoryRequest bytes
 * @param memoryUse working set in bytes
 * @param storageRequest bytes
 * @param processes that it has
 */
record Candidate(
        DesiredPod pod,
        boolean critical,
        int priority,
        long memoryRequest,
        long memoryUse,
        long storageRequest,
        DiskUse storageUse,
        long processes,
        List<ContainerUse> containers) {

    Candidate {
        containers = List.copyOf(containers);
    }

    /** Of one container, in bytes. */
    record ContainerUse(String name, long memoryRequest, long memoryUse, long storageRequest, long storageUse) {}
}
