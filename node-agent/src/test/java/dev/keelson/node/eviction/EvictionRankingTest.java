package dev.keelson.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.linux.DiskUse;
import dev.keelson.node.eviction.Candidate.ContainerUse;
import dev.keelson.node.eviction.Signal.Level;
import dev.keelson.node.pod.spec.DesiredPods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvictionRankingTest {
    private static final long MIB = 1 << 20;

    /** @param numbers priority, memory request and use, storage request and use, processes */
    private static Candidate pod(String name, boolean critical, long... numbers) {
        return new Candidate(
                DesiredPods.orphan(name, "ns", name),
                critical,
                (int) numbers[0],
                numbers[1] * MIB,
                numbers[2] * MIB,
                numbers[3] * MIB,
                new DiskUse(numbers[4] * MIB, numbers[4]),
                numbers[5],
                List.of(new ContainerUse(
                        "app", numbers[1] * MIB, numbers[2] * MIB, numbers[3] * MIB, numbers[4] * MIB)));
    }

    private static final List<Candidate> PODS = List.of(
            pod("within", false, 0, 100, 90, 0, 1, 5),
            pod("little-over", false, 0, 10, 20, 0, 70, 4),
            pod("much-over", false, 0, 10, 80, 90, 60, 3),
            pod("important-over", false, 1000, 0, 500, 0, 500, 900),
            pod("system", true, 2_000_001_000, 0, 900, 0, 900, 999));

    private static List<String> order(Signal signal, List<Candidate> pods) {
        return EvictionRanking.order(signal, pods).stream()
                .map(pod -> pod.pod().name())
                .toList();
    }

    @Test
    void overItsRequestThenPriorityThenHowMuchOver() {
        assertThat(order(Signal.MEMORY, PODS)).containsExactly("much-over", "little-over", "important-over", "within");
    }

    @Test
    void diskLikewise() {
        assertThat(order(Signal.NODEFS, PODS)).containsExactly("little-over", "within", "important-over", "much-over");
    }

    @Test
    void inodesAndProcessesHaveNoRequests() {
        assertThat(order(Signal.NODEFS_INODES, PODS))
                .containsExactly("little-over", "much-over", "within", "important-over");
        assertThat(order(Signal.PIDS, PODS)).containsExactly("within", "little-over", "much-over", "important-over");
    }

    @Test
    void orderOfTheListDoesNotMatter() {
        List<Candidate> shuffled = new ArrayList<>(PODS);
        for (long seed = 0; seed < 20; seed++) {
            Collections.shuffle(shuffled, new Random(seed));
            for (Signal signal : Signal.values()) {
                assertThat(order(signal, shuffled)).as("seed %d", seed).isEqualTo(order(signal, PODS));
            }
        }
    }

    @Test
    void messageIsTheKubelets() {
        Threshold threshold = new Threshold(Signal.MEMORY, "100Mi", Duration.ZERO);
        assertThat(EvictionRanking.message(threshold, new Level(52 * MIB, 4096 * MIB), PODS.get(2)))
                .isEqualTo("The node was low on resource: memory. Threshold quantity: 100Mi, available: 52Mi. "
                        + "Container app was using 80Mi, request is 10Mi, has larger consumption of memory. ");
        assertThat(EvictionRanking.message(threshold, new Level(52 * MIB, 4096 * MIB), PODS.get(0)))
                .isEqualTo("The node was low on resource: memory. Threshold quantity: 100Mi, available: 52Mi. ");
        Threshold pids = new Threshold(Signal.PIDS, "1000", Duration.ZERO);
        assertThat(EvictionRanking.message(pids, new Level(12, 32768), PODS.get(0)))
                .isEqualTo("The node was low on resource: pids. Threshold quantity: 1000, available: 12. ");
    }
}
