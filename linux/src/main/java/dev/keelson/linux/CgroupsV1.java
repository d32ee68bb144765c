package dev.keelson.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One hierarchy for each controller (or pair of controllers). */
record CgroupsV1(Map<String, Path> controllers, List<Path> roots, List<String> hierarchies, List<Path> others)
        implements Cgroups {
    private static final int KILL_ROUNDS = 16;
    /** USER_HZ is 100 on every architecture that this runs on. */
    private static final long NANOS_PER_TICK = 10_000_000;

    /** @param everything where any hierarchy is mounted: other runtimes make groups in all of them */
    CgroupsV1(Map<String, Path> controllers, List<Path> everything) {
        Map<Path, List<String>> places = CgroupTable.byMountPoint(controllers);
        this(
                controllers,
                List.copyOf(places.keySet()),
                places.values().stream().map(names -> String.join(",", names)).toList(),
                everything.stream().filter(point -> !places.containsKey(point)).toList());
    }

    @Override
    public void create(String group) {
        roots.forEach(root -> CgroupFiles.makeDirectories(root, group));
    }

    @Override
    public void limit(String group, CgroupLimits limits) {
        limits.memoryBytes().ifPresent(bytes -> limitMemory(group, bytes));
        limits.pids().ifPresent(count -> with("pids", group, dir -> set(dir, "pids.max", count)));
        limits.hugepages().forEach((size, bytes) -> with("hugetlb", group, dir -> limitHugepages(dir, size, bytes)));
        limits.cpuShares().ifPresent(shares -> with("cpu", group, dir -> set(dir, "cpu.shares", shares)));
        // Of the period that every group is born with, CgroupLimits.PERIOD_MICROS.
        limits.cpuQuotaMicros().ifPresent(quota -> with("cpu", group, dir -> set(dir, "cpu.cfs_quota_us", quota)));
    }

    private static void limitHugepages(Path directory, long size, long bytes) {
        String prefix = "hugetlb." + Hugepages.name(size);
        CgroupFiles.writeIfPresent(directory.resolve(prefix + ".limit_in_bytes"), Long.toString(bytes));
    }

    @Override
    public void forbidSwap(String group) {
        with("memory", group, dir -> CgroupFiles.writeIfPresent(dir.resolve("memory.swappiness"), "0"));
    }

    @Override
    public boolean limitsHugepages() {
        return controllers.containsKey("hugetlb");
    }

    /** Memory with swap may never be below memory alone: to grow, it has to be first. */
    private void limitMemory(String group, long bytes) {
        with("memory", group, dir -> {
            Path withSwap = dir.resolve("memory.memsw.limit_in_bytes");
            if (!CgroupFiles.accepts(dir.resolve("memory.limit_in_bytes"), Long.toString(bytes))) {
                CgroupFiles.writeIfPresent(withSwap, Long.toString(bytes));
                set(dir, "memory.limit_in_bytes", bytes);
            }
            CgroupFiles.writeIfPresent(withSwap, Long.toString(bytes));
        });
    }

    @Override
    public CgroupUsage usage(String group) {
        Path memory = controllers.get("memory").resolve(group);
        Path accounting = controllers.getOrDefault("cpuacct", memory).resolve(group);
        Map<String, Long> times = CgroupFiles.table(accounting.resolve("cpuacct.stat"));
        Map<String, Long> periods = controllers.containsKey("cpu")
                ? CgroupFiles.table(controllers.get("cpu").resolve(group).resolve("cpu.stat"))
                : Map.of();
        Map<String, Long> pages = CgroupFiles.table(memory.resolve("memory.stat"));
        return new CgroupUsage(
                new CgroupUsage.Cpu(
                        CgroupFiles.number(accounting.resolve("cpuacct.usage")),
                        times.getOrDefault("user", 0L) * NANOS_PER_TICK,
                        times.getOrDefault("system", 0L) * NANOS_PER_TICK,
                        periods.getOrDefault("nr_periods", 0L),
                        periods.getOrDefault("nr_throttled", 0L),
                        periods.getOrDefault("throttled_time", 0L)),
                new CgroupUsage.Memory(
                        CgroupFiles.number(memory.resolve("memory.usage_in_bytes")),
                        pages.getOrDefault("total_inactive_file", 0L),
                        pages.getOrDefault("total_rss", 0L),
                        pages.getOrDefault("total_cache", 0L),
                        pages.getOrDefault("total_swap", 0L),
                        pages.getOrDefault("total_pgfault", 0L),
                        pages.getOrDefault("total_pgmajfault", 0L)),
                CgroupFiles.number(controllers.get("pids").resolve(group).resolve("pids.current")),
                List.of());
    }

    @Override
    public List<Path> directories(String group) {
        return roots.stream().map(root -> root.resolve(group)).toList();
    }

    @Override
    public List<String> children(String group) {
        return directories(group).stream()
                .flatMap(directory -> CgroupFiles.children(directory).stream())
                .map(path -> path.getFileName().toString())
                .distinct()
                .toList();
    }

    @Override
    public void kill(String group) {
        Path pids = controllers.get("pids").resolve(group);
        // What forks while we read shows up in the next round.
        for (int round = 0; round < KILL_ROUNDS && CgroupFiles.killMembers(pids); round++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public boolean remove(String group) {
        boolean gone = true;
        for (Path directory : directories(group)) {
            gone &= CgroupFiles.remove(directory);
        }
        for (Path other : others) {
            CgroupFiles.remove(other.resolve(group));
        }
        return gone;
    }

    private void with(String controller, String group, Consumer<Path> action) {
        Path root = controllers.get(controller);
        if (root != null) {
            action.accept(root.resolve(group));
        }
    }

    private static void set(Path directory, String file, long value) {
        CgroupFiles.write(directory.resolve(file), Long.toString(value));
    }
}
