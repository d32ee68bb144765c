package dev.keelson.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The unified hierarchy. Controllers are switched on from the root down to the parent of a group. */
record CgroupsV2(Path root) implements Cgroups {
    private static final Set<String> CONTROLLERS = Set.of("cpu", "memory", "pids", "hugetlb", "io");
    private static final int KILL_ROUNDS = 16;
    private static final long NANOS_PER_MICRO = 1000;

    @Override
    public void create(String group) {
        Path directory = root;
        for (Path part : Path.of(group)) {
            switchOn(directory);
            CgroupFiles.makeDirectories(directory, part.toString());
            directory = directory.resolve(part);
        }
    }

    /** Gives the groups below the controllers that are to be had here; what is missing, a limit will complain about. */
    private static void switchOn(Path directory) {
        List<String> on = words(directory.resolve("cgroup.subtree_control"));
        List<String> available = words(directory.resolve("cgroup.controllers"));
        if (!available.contains("memory")) {
            // Beside v1 this tree has a controller that nobody wanted; it is not ours to switch it on.
            return;
        }
        String wanted = available.stream()
                .filter(CONTROLLERS::contains)
                .filter(controller -> !on.contains(controller))
                .map(controller -> "+" + controller)
                .collect(Collectors.joining(" "));
        if (!wanted.isEmpty()) {
            CgroupFiles.write(directory.resolve("cgroup.subtree_control"), wanted);
        }
    }

    private static List<String> words(Path file) {
        return List.of(CgroupFiles.read(file).split(" "));
    }

    @Override
    public void limit(String group, CgroupLimits limits) {
        Path directory = root.resolve(group);
        limits.memoryBytes().ifPresent(bytes -> {
            CgroupFiles.write(directory.resolve("memory.max"), Long.toString(bytes));
            CgroupFiles.writeIfPresent(directory.resolve("memory.swap.max"), "0");
        });
        if (limits.diesTogether()) {
            CgroupFiles.writeIfPresent(directory.resolve("memory.oom.group"), "1");
        }
        limits.hugepages()
                .forEach((size, bytes) -> CgroupFiles.writeIfPresent(
                        directory.resolve("hugetlb." + Hugepages.name(size) + ".max"), Long.toString(bytes)));
        limits.pids().ifPresent(count -> CgroupFiles.write(directory.resolve("pids.max"), Long.toString(count)));
        limits.cpuShares()
                .ifPresent(shares -> CgroupFiles.write(directory.resolve("cpu.weight"), Long.toString(weight(shares))));
        limits.cpuQuotaMicros()
                .ifPresent(quota ->
                        CgroupFiles.write(directory.resolve("cpu.max"), quota + " " + CgroupLimits.PERIOD_MICROS));
    }

    @Override
    public void forbidSwap(String group) {
        CgroupFiles.writeIfPresent(root.resolve(group).resolve("memory.swap.max"), "0");
    }

    @Override
    public boolean limitsHugepages() {
        return words(root.resolve("cgroup.controllers")).contains("hugetlb");
    }

    /** Maps v1 shares (2 to 262144) to v2 weights (1 to 10000) as Kubernetes does. */
    static long weight(long shares) {
        long bounded = Math.clamp(shares, 2, 262144);
        return 1 + (bounded - 2) * 9999 / 262142;
    }

    @Override
    public CgroupUsage usage(String group) {
        Path directory = root.resolve(group);
        Map<String, Long> cpu = CgroupFiles.table(directory.resolve("cpu.stat"));
        Map<String, Long> pages = CgroupFiles.table(directory.resolve("memory.stat"));
        return new CgroupUsage(
                new CgroupUsage.Cpu(
                        cpu.getOrDefault("usage_usec", 0L) * NANOS_PER_MICRO,
                        cpu.getOrDefault("user_usec", 0L) * NANOS_PER_MICRO,
                        cpu.getOrDefault("system_usec", 0L) * NANOS_PER_MICRO,
                        cpu.getOrDefault("nr_periods", 0L),
                        cpu.getOrDefault("nr_throttled", 0L),
                        cpu.getOrDefault("throttled_usec", 0L) * NANOS_PER_MICRO),
                new CgroupUsage.Memory(
                        CgroupFiles.number(directory.resolve("memory.current")),
                        pages.getOrDefault("inactive_file", 0L),
                        pages.getOrDefault("anon", 0L),
                        pages.getOrDefault("file", 0L),
                        CgroupFiles.number(directory.resolve("memory.swap.current")),
                        pages.getOrDefault("pgfault", 0L),
                        pages.getOrDefault("pgmajfault", 0L)),
                CgroupFiles.number(directory.resolve("pids.current")),
                BlockUse.read(directory.resolve("io.stat")));
    }

    @Override
    public List<Path> directories(String group) {
        return List.of(root.resolve(group));
    }

    @Override
    public List<String> hierarchies() {
        return List.of();
    }

    @Override
    public List<String> children(String group) {
        return CgroupFiles.children(root.resolve(group)).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    @Override
    public void kill(String group) {
        Path directory = root.resolve(group);
        CgroupFiles.writeIfPresent(directory.resolve("cgroup.kill"), "1");
        for (int round = 0; round < KILL_ROUNDS && CgroupFiles.killMembers(directory); round++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public boolean remove(String group) {
        return CgroupFiles.remove(root.resolve(group));
    }
}
