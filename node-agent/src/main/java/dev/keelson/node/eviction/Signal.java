package dev.keelson.node.eviction;

import dev.keelson.linux.FileSystemUse;
import dev.keelson.node.stats.MachineUse;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What tells that a node runs short of something.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#eviction-signals">Eviction
 *     signals</a>
 */
public enum Signal {
    // In the order in which they are acted on: memory first, as in the kubelet.
    MEMORY("memory.available", "memory", Pressure.MEMORY),
    NODEFS("nodefs.available", "ephemeral-storage", Pressure.DISK),
    NODEFS_INODES("nodefs.inodesFree", "inodes", Pressure.DISK),
    IMAGEFS("imagefs.available", "ephemeral-storage", Pressure.DISK),
    IMAGEFS_INODES("imagefs.inodesFree", "inodes", Pressure.DISK),
    PIDS("pid.available", "pids", Pressure.PIDS);

    private final String word;
    private final String resource;
    private final Pressure pressure;

    Signal(String word, String resource, Pressure pressure) {
        this.word = word;
        this.resource = resource;
        this.pressure = pressure;
    }

    /** How much is left of how much: bytes, inodes or processes. */
    public record Level(long available, long capacity) {}

    /** By its word in Kubernetes; IllegalArgumentException says which there are. */
    public static Signal parse(String word) {
        return Arrays.stream(values())
                .filter(signal -> signal.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown eviction signal \"%s\"; there are %s"
                        .formatted(
                                word,
                                Arrays.stream(values())
                                        .map(signal -> signal.word)
                                        .collect(Collectors.joining(", ")))));
    }

    static Map<Signal, Level> read(MachineUse machine) {
        Map<Signal, Level> levels = new EnumMap<>(Signal.class);
        levels.put(MEMORY, new Level(machine.memoryAvailable(), machine.memoryCapacity()));
        levels.put(NODEFS, bytes(machine.nodeFs()));
        levels.put(IMAGEFS, bytes(machine.imageFs()));
        levels.put(PIDS, new Level(machine.processesAvailable(), machine.processesMost()));
        inodes(NODEFS_INODES, machine.nodeFs(), levels);
        inodes(IMAGEFS_INODES, machine.imageFs(), levels);
        return levels;
    }

    private static Level bytes(FileSystemUse use) {
        return new Level(use.availableBytes(), use.capacityBytes());
    }

    /** Some file systems make inodes as they need them, and tell of none. */
    private static void inodes(Signal signal, FileSystemUse use, Map<Signal, Level> levels) {
        if (use.inodes() > 0) {
            levels.put(signal, new Level(use.inodesFree(), use.inodes()));
        }
    }

    public String word() {
        return word;
    }

    /** What people ask for and a pod is judged by. */
    String resource() {
        return resource;
    }

    Pressure pressure() {
        return pressure;
    }
}
