package dev.keelson.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupTableTest {
    private static final List<String> HYBRID = List.of(
            "22 1 0:20 / / rw - ext4 /dev/vda rw",
            "30 22 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
            "31 22 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
            "32 22 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
            "33 22 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw");
    private static final List<String> UNIFIED = List.of("30 22 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 none rw");

    @Test
    void hybridMachineUsesItsV1Controllers() {
        Cgroups cgroups = CgroupTable.read(HYBRID).cgroups();
        assertThat(cgroups).isInstanceOf(CgroupsV1.class);
        assertThat(cgroups.hierarchies()).containsExactlyInAnyOrder("memory", "cpu,cpuacct", "pids");
        assertThat(cgroups.directories("keelson-x/pod"))
                .containsExactlyInAnyOrder(
                        Path.of("/sys/fs/cgroup/memory/keelson-x/pod"),
                        Path.of("/sys/fs/cgroup/cpu,cpuacct/keelson-x/pod"),
                        Path.of("/sys/fs/cgroup/pids/keelson-x/pod"));
    }

    @Test
    void unifiedMachineUsesV2() {
        Cgroups cgroups = CgroupTable.read(UNIFIED).cgroups();
        assertThat(cgroups).isEqualTo(new CgroupsV2(Path.of("/sys/fs/cgroup")));
        assertThat(cgroups.hierarchies()).isEmpty();
    }

    @Test
    void machineWithoutGroupsIsToldWhatToMount() {
        assertThatThrownBy(() -> CgroupTable.read(List.of()).cgroups()).hasMessageContaining("mount one");
    }

    @Test
    void sharesBecomeWeightsAsInKubernetes() {
        assertThat(CgroupsV2.weight(2)).isEqualTo(1);
        assertThat(CgroupsV2.weight(1024)).isEqualTo(39);
        assertThat(CgroupsV2.weight(262144)).isEqualTo(10000);
        assertThat(CgroupsV2.weight(0)).isEqualTo(1);
    }
}
