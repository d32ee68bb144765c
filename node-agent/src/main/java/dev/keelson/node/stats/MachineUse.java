package dev.keelson.node.stats;

import dev.keelson.linux.FileSystemUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the whole machine uses, at one moment. Memory is counted as the kubelet does: what is in use without the page cache
 * that the kernel would give up first.
 *
 * @param cpuNanos time of all processors since the machine started, idle time left out
 * @param memoryCapacity bytes
 * @param memoryUsed bytes that are not free
 * @param memoryWorkingSet of these, what the kernel could not take back without pain
 * @param rss bytes of processes' own
 * @param nodeFs where pods' files are
 * @param imageFs where images and the writable layers of containers are
 * @param processes and threads that exist
 * @param processesMost how many can exist
 */
public record MachineUse(
        Instant startedAt,
        int cpus,
        long cpuNanos,
        long memoryCapacity,
        long memoryUsed,
        long memoryWorkingSet,
        long rss,
        long faults,
        long majorFaults,
        FileSystemUse nodeFs,
        FileSystemUse imageFs,
        List<NetworkUse> network,
        long processes,
        long processesMost) {
    private static final long KIBIBYTE = 1024;
    private static final long NANOS_PER_TICK = 10_000_000;
    /** user, nice, system, irq, softirq and steal, proc(5); guests are counted in user. */
    private static final List<Integer> BUSY = List.of(1, 2, 3, 6, 7, 8);

    /**
     * @param directory the node's
     * @param images where images are kept
     */
    public static MachineUse read(Path directory, Path images) {
        try {
            List<String> stat = lines("/proc/stat");
            Map<String, Long> memory = table("/proc/meminfo");
            Map<String, Long> pages = table("/proc/vmstat");
            long used = (memory.get("MemTotal") - memory.get("MemFree")) * KIBIBYTE;
            return new MachineUse(
                    Instant.ofEpochSecond(number(words(stat, "btime")[1])),
                    Runtime.getRuntime().availableProcessors(),
                    busy(words(stat, "cpu")),
                    memory.get("MemTotal") * KIBIBYTE,
                    used,
                    Math.max(0, used - memory.get("Inactive(file)") * KIBIBYTE),
                    memory.get("AnonPages") * KIBIBYTE,
                    pages.getOrDefault("pgfault", 0L),
                    pages.getOrDefault("pgmajfault", 0L),
                    FileSystemUse.of(directory),
                    FileSystemUse.of(Files.isDirectory(images) ? images : directory),
                    NetworkUse.parse(lines("/proc/self/net/dev")),
                    // The fourth word of loadavg is running/existing.
                    number(lines("/proc/loadavg").getFirst().split("[ /]")[4]),
                    Math.min(
                            number(lines("/proc/sys/kernel/pid_max").getFirst()),
                            number(lines("/proc/sys/kernel/threads-max").getFirst())));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot see what this machine uses", failure);
        }
    }

    public long memoryAvailable() {
        return Math.max(0, memoryCapacity - memoryWorkingSet);
    }

    public long processesAvailable() {
        return Math.max(0, processesMost - processes);
    }

    private static long busy(String[] words) {
        return BUSY.stream().mapToLong(index -> number(words[index])).sum() * NANOS_PER_TICK;
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(Path.of(file));
    }

    private static String[] words(List<String> lines, String first) {
        return lines.stream()
                .map(line -> line.split("\\s+"))
                .filter(words -> words[0].equals(first))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("/proc/stat has no line " + first));
    }

    /** Lines of a name and a number, with or without a colon and a unit. */
    private static Map<String, Long> table(String file) throws IOException {
        Map<String, Long> values = new HashMap<>();
        lines(file).stream()
                .map(line -> line.split(":?\\s+"))
                .filter(words -> words.length > 1)
                .forEach(words -> values.put(words[0], number(words[1])));
        return values;
    }

    private static long number(String text) {
        return Long.parseLong(text.strip());
    }
}
