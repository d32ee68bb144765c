package dev.keelson.node.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.eviction.Pressure;
import dev.keelson.node.runtime.Resources;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeObjectsTest {
    private static final long MIB = 1 << 20;

    private static Machine machine(Map<Long, Long> hugepages) {
        return new Machine(2, 4096 * MIB, 1 << 30, hugepages, "m", "s", "b", "6.1", "Linux", "amd64");
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

    @Test
    void runtimesAndWhatTheyCanDoAreNamed() {
        assertThat(NodeObjects.handlers(Set.of("runc")))
                .extracting(handler -> handler.getName()
                        + " " + handler.getFeatures().getRecursiveReadOnlyMounts()
                        + " " + handler.getFeatures().getUserNamespaces())
                .containsExactly(" true true", "keelson true true", "runc false true");
    }

    @Test
    void pressuresAreConditions() {
        var status = NodeObjects.status(
                new NodeFacts("n", "10.0.0.1", 10250),
                machine(Map.of()),
                Optional.empty(),
                Set.of(Pressure.DISK),
                List.of(),
                Instant.EPOCH);
        assertThat(status.getConditions())
                .extracting(
                        condition -> condition.getType() + " " + condition.getStatus() + " " + condition.getReason())
                .containsExactly(
                        "MemoryPressure False KubeletHasSufficientMemory",
                        "DiskPressure True KubeletHasDiskPressure",
                        "PIDPressure False KubeletHasSufficientPID",
                        "Ready True KubeletReady");
        assertThat(status.getAllocatable()
                        .get("ephemeral-storage")
                        .getNumericalAmount()
                        .longValue())
                .isBetween((1L << 30) * 89 / 100, (1L << 30) * 90 / 100);
    }
}
