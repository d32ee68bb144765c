package dev.keelson.node.storage;

import dev.keelson.linux.DiskUse;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a pod takes on the node's disk (Kubernetes: "Local ephemeral storage").
 *
 * @param containers by name
 * @param emptyDirs by name; those on the disk
 */
public record PodStorage(Map<String, Container> containers, Map<String, DiskUse> emptyDirs) {
    public static final PodStorage NONE = new PodStorage(Map.of(), Map.of());

    /** What a container wrote into its root file system, and its logs. */
    public record Container(DiskUse writable, DiskUse logs) {
        public DiskUse total() {
            return writable.plus(logs);
        }
    }

    public PodStorage {
        containers = Map.copyOf(containers);
        emptyDirs = Map.copyOf(emptyDirs);
    }

    public DiskUse total() {
        return Stream.concat(containers.values().stream().map(Container::total), emptyDirs.values().stream())
                .reduce(DiskUse.NONE, DiskUse::plus);
    }
}
