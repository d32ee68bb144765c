package dev.keelson.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Control groups of this machine, cgroups(7), by their path below the hierarchies' roots, for example {@code
 * keelson-main/POD/CONTAINER}. On a hybrid machine (v1 controllers beside a v2 tree without them) v1 is used. Only
 * groups that were made here are ever changed.
 */
public sealed interface Cgroups permits CgroupsV1, CgroupsV2 {

    /** Finds out what this machine has. */
    static Cgroups detect() {
        try {
            return CgroupTable.read(Files.readAllLines(Path.of("/proc/self/mountinfo")))
                    .cgroups();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the mount table", e);
        }
    }

    /** The unified hierarchy that is mounted at {@code root}, whatever else the machine has. */
    static Cgroups unified(Path root) {
        return new CgroupsV2(root);
    }

    /** Makes the group and those above it; one that is there already is fine. */
    void create(String group);

    void limit(String group, CgroupLimits limits);

    /**
     * Keeps the memory of the group, and of groups that are made below it afterwards, out of the swap: on v2 by a limit, on
     * v1, where that needs a limit of memory, as far as the kernel can.
     */
    void forbidSwap(String group);

    /** Whether limits of huge pages hold on this machine. */
    boolean limitsHugepages();

    CgroupUsage usage(String group);

    /** The directories that a process joins to be in the group: one on v2, one for each controller on v1. */
    List<Path> directories(String group);

    /** The v1 hierarchies by the controllers in them, as below {@code /sys/fs/cgroup}; none on v2. */
    List<String> hierarchies();

    /** Names of the groups directly below. */
    List<String> children(String group);

    /** Kills every process in the group and the groups below. */
    void kill(String group);

    /** Removes the group and those below; false when processes are still in one. */
    boolean remove(String group);
}
