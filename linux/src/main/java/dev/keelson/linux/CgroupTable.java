package dev.keelson.linux;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the mount table says about cgroups: which v1 controllers are mounted where, and the v2 tree.
 *
 * @param everything where any hierarchy is mounted
 */
record CgroupTable(Map<String, Path> v1, Optional<Path> v2, List<Path> everything) {
    private static final List<String> WANTED = List.of("memory", "cpu", "cpuacct", "pids", "hugetlb");

    /** @param mountinfo lines of {@code /proc/self/mountinfo}, proc(5) */
    static CgroupTable read(List<String> mountinfo) {
        Map<String, Path> v1 = new LinkedHashMap<>();
        Optional<Path> v2 = Optional.empty();
        List<Path> everything = new ArrayList<>();
        for (String line : mountinfo) {
            String[] halves = line.split(" - ", 2);
            if (halves.length < 2) {
                continue;
            }
            String[] source = halves[1].split(" ");
            Path point = Path.of(Mounts.unescape(halves[0].split(" ")[4]));
            if (source[0].startsWith("cgroup")) {
                everything.add(point);
            }
            if (source[0].equals("cgroup2") && v2.isEmpty()) {
                v2 = Optional.of(point);
            } else if (source[0].equals("cgroup") && source.length > 2) {
                Set<String> options = Set.copyOf(Arrays.asList(source[2].split(",")));
                WANTED.stream().filter(options::contains).forEach(controller -> v1.putIfAbsent(controller, point));
            }
        }
        return new CgroupTable(v1, v2, everything);
    }

    Cgroups cgroups() {
        if (v1.containsKey("memory") && v1.containsKey("pids")) {
            return new CgroupsV1(v1, everything);
        }
        return v2.<Cgroups>map(CgroupsV2::new)
                .orElseThrow(() -> new IllegalStateException("no cgroup hierarchy with memory and pids controllers is"
                        + " mounted; mount one (cgroup2 on /sys/fs/cgroup)"));
    }

    /** Controllers grouped by where they are mounted, in a stable order: {@code cpu,cpuacct} may share a place. */
    static Map<Path, List<String>> byMountPoint(Map<String, Path> controllers) {
        Map<Path, List<String>> grouped = new LinkedHashMap<>();
        controllers.forEach((controller, point) ->
                grouped.computeIfAbsent(point, key -> new ArrayList<>()).add(controller));
        return grouped;
    }
}
