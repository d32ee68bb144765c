package dev.keelson.node;

import static dev.keelson.node.NodeFixture.shell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.keelson.linux.Cgroups;
import dev.keelson.linux.Hugepages;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Quantity;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A pod that uses huge pages, on a machine that keeps some and can limit them; such a one is made by {@code ./keelson test
 * --vm}.
 */
class HugePagesIT {
    @TempDir
    static Path directory;

    private static Optional<NodeFixture> running = Optional.empty();

    @BeforeAll
    static void start() throws Exception {
        assumeThat(Cgroups.detect().limitsHugepages()).isTrue();
        assumeThat(Hugepages.pools().getOrDefault(2L << 20, 0L)).isGreaterThanOrEqualTo(16L << 20);
        running = Optional.of(new NodeFixture(directory, "it-huge", 12));
    }

    @AfterAll
    static void stop() {
        running.ifPresent(NodeFixture::close);
    }

    @Test
    void volumeIsMadeOfThemAndEndsWhereThePodsLimitDoes() {
        NodeFixture node = running.orElseThrow();
        node.create(node.pod(
                        "huge",
                        shell(
                                        "main",
                                        "grep /pages /proc/mounts; busybox fallocate -l 4M /pages/some && echo some;"
                                                + " grep HugePages_Rsvd /proc/meminfo; busybox fallocate -l 8M /pages/more || echo no more")
                                .withNewResources()
                                .addToLimits("memory", new Quantity("64Mi"))
                                .addToLimits("hugepages-2Mi", new Quantity("8Mi"))
                                .endResources()
                                .addNewVolumeMount()
                                .withName("pages")
                                .withMountPath("/pages")
                                .endVolumeMount()
                                .build())
                .editSpec()
                .addNewVolume()
                .withName("pages")
                .withEmptyDir(new EmptyDirVolumeSource("HugePages-2Mi", null))
                .endVolume()
                .endSpec());
        node.awaitPhase("huge", "Succeeded");
        assertThat(node.log("huge", "main")).contains("hugetlbfs", "pagesize=2M", "some\n", "no more\n");
    }
}
