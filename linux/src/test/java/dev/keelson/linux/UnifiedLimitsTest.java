package dev.keelson.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written into the files of the unified hierarchy, on a directory that looks like one. */
class UnifiedLimitsTest {
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path root;

    private final Path pod = Path.of("pods");

    @BeforeEach
    void makeFiles() throws IOException {
        file(root, "cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma");
        file(root, "cgroup.subtree_control", "cpu");
        Files.createDirectories(root.resolve(pod));
        for (String name : new String[] {
            "memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.weight", "cpu.max", "hugetlb.2MB.max"
        }) {
            file(root.resolve(pod), name, "");
        }
    }

    private static void file(Path directory, String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    private String read(String name) {
        return CgroupFiles.read(root.resolve(pod).resolve(name));
    }

    private static CgroupLimits limits(boolean diesTogether) {
        return new CgroupLimits(
                OptionalLong.of(1024),
                OptionalLong.of(50_000),
                OptionalLong.of(64 * MEBIBYTE),
                OptionalLong.of(100),
                Map.of(2 * MEBIBYTE, 8 * MEBIBYTE, 1024 * MEBIBYTE, 0L),
                diesTogether);
    }

    @Test
    void limitsAreWrittenInTheKernelsUnits() {
        Cgroups cgroups = Cgroups.unified(root);
        cgroups.limit("pods", limits(true));
        assertThat(read("memory.max")).isEqualTo("67108864");
        assertThat(read("memory.swap.max")).isEqualTo("0");
        assertThat(read("memory.oom.group")).isEqualTo("1");
        assertThat(read("pids.max")).isEqualTo("100");
        assertThat(read("cpu.weight")).isEqualTo("39");
        assertThat(read("cpu.max")).isEqualTo("50000 100000");
        assertThat(read("hugetlb.2MB.max")).isEqualTo("8388608");
        assertThat(cgroups.limitsHugepages()).isTrue();
    }

    /** The pods of a node, or the containers of a pod, do not all die because one of them is too large. */
    @Test
    void onlyContainersDieAsAWhole() {
        Cgroups.unified(root).limit("pods", limits(false));
        assertThat(read("memory.oom.group")).isEmpty();
    }

    @Test
    void nothingIsSwappedBelow() {
        Cgroups.unified(root).forbidSwap("pods");
        assertThat(read("memory.swap.max")).isEqualTo("0");
    }

    @Test
    void controllersAreSwitchedOnForGroupsBelow() throws IOException {
        Cgroups.unified(root).create("pods");
        assertThat(Files.readString(root.resolve("cgroup.subtree_control"))).isEqualTo("+io +memory +hugetlb +pids");
    }

    @Test
    void treeBesideV1IsLeftAlone() throws IOException {
        file(root, "cgroup.controllers", "hugetlb");
        file(root, "cgroup.subtree_control", "");
        Cgroups.unified(root).create("pods");
        assertThat(Files.readString(root.resolve("cgroup.subtree_control"))).isEmpty();
    }
}
