package dev.keelson.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.runtime.Resources;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeObjectsTest {
    private static final long MIB = 1 << 20;

    private static Machine machine(Map<Long, Long> hugepages) {
        return new Machine(
                2, 4096 * MIB, 4000 * MIB, 1 << 30, 1 << 29, 30_000, hugepages, "m", "s", "b", "6.1", "Linux", "amd64");
    }

    @Test
    void hugePagesAreOfferedAndTakenFromMemory() {
        var offered = NodeObjects.allocatable(machine(Map.of(2 * MIB, 64 * MIB, 1024 * MIB, 0L)));
        assertThat(offered.get("hugepages-2Mi")).hasToString("64Mi");
        assertThat(offered.get("hugepages-1Gi")).hasToString("0");
        assertThat(offered.get("memory").getNumericalAmount().longValue()).isEqualTo((4096 - 256 - 64) * MIB);
    }

    /** Above what is allocatable by the memory below which pods are evicted. */
    @Test
    void allPodsTogetherLeaveSomethingToTheSystem() {
        Resources all = NodeObjects.enforced(machine(Map.of()));
        assertThat(all.cpuShares()).hasValue(2048);
        assertThat(all.memoryBytes()).hasValue((4096 - 156) * MIB);
        assertThat(all.cpuQuotaMicros()).isEmpty();
    }
}
