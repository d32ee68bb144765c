package dev.keelson.node.eviction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.node.eviction.EvictionPlanner.History;
import dev.keelson.node.eviction.EvictionPlanner.Plan;
import dev.keelson.node.eviction.Signal.Level;
import dev.keelson.node.pod.spec.DesiredPods;
import dev.keelson.node.resource.SpecPods;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvictionPlannerTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final long MIB = 1 << 20;
    private static final Threshold SOFT = new Threshold(Signal.MEMORY, "300Mi", Duration.ofSeconds(90));

    private static Plan plan(EvictionSettings settings, long memoryMib, History before, Instant now) {
        return EvictionPlanner.plan(
                settings, Map.of(Signal.MEMORY, new Level(memoryMib * MIB, 4096 * MIB)), before, now);
    }

    @ParameterizedTest(name = "{1} of {2} left of {0}: {3}")
    @CsvSource({
        "MEMORY,         100, 1000, ''",
        "MEMORY,         99,  1000, MEMORY",
        "NODEFS,         10,  100,  ''",
        "NODEFS,         9,   100,  DISK",
        "NODEFS_INODES,  4,   100,  DISK",
        "IMAGEFS,        14,  100,  DISK",
        "IMAGEFS,        15,  100,  ''",
        "IMAGEFS_INODES, 4,   100,  DISK",
        "PIDS,           0,   100,  PIDS",
    })
    void defaultsAreTheKubelets(Signal signal, long available, long capacity, String pressure) {
        long unit = signal == Signal.MEMORY ? MIB : 1000;
        Plan plan = EvictionPlanner.plan(
                EvictionSettings.DEFAULT,
                Map.of(signal, new Level(available * unit, capacity * unit)),
                History.NONE,
                NOW);
        assertThat(plan.pressures()).isEqualTo(pressure.isEmpty() ? Set.of() : Set.of(Pressure.valueOf(pressure)));
        assertThat(plan.act().isPresent()).isEqualTo(!pressure.isEmpty());
    }

    @Test
    void memoryComesBeforeTheDisk() {
        Plan plan = EvictionPlanner.plan(
                EvictionSettings.DEFAULT,
                Map.of(Signal.NODEFS, new Level(1, 1000), Signal.MEMORY, new Level(1, 1000)),
                History.NONE,
                NOW);
        assertThat(plan.act().orElseThrow().signal()).isEqualTo(Signal.MEMORY);
        assertThat(plan.pressures()).containsExactlyInAnyOrder(Pressure.MEMORY, Pressure.DISK);
    }

    @Test
    void softThresholdWaitsForItsGraceAndBeginsAnewAfterABreak() {
        EvictionSettings settings = new EvictionSettings(List.of(SOFT), Duration.ofMinutes(5), Duration.ofSeconds(30));
        Plan first = plan(settings, 200, History.NONE, NOW);
        assertThat(first.pressures()).containsExactly(Pressure.MEMORY);
        assertThat(first.act()).isEmpty();
        assertThat(plan(settings, 200, first.history(), NOW.plusSeconds(90)).act())
                .contains(SOFT);
        Plan relaxed = plan(settings, 400, first.history(), NOW.plusSeconds(60));
        Plan again = plan(settings, 200, relaxed.history(), NOW.plusSeconds(90));
        assertThat(again.act()).isEmpty();
    }

    @Test
    void pressureIsReportedForAWhileAfterItHasGone() {
        Plan pressed = plan(EvictionSettings.DEFAULT, 50, History.NONE, NOW);
        Plan later = plan(EvictionSettings.DEFAULT, 500, pressed.history(), NOW.plusSeconds(299));
        assertThat(later.pressures()).containsExactly(Pressure.MEMORY);
        assertThat(later.act()).isEmpty();
        assertThat(plan(EvictionSettings.DEFAULT, 500, later.history(), NOW.plusSeconds(300))
                        .pressures())
                .isEmpty();
    }

    @Test
    void withoutTransitionAPressureGoesAtOnce() {
        EvictionSettings settings =
                new EvictionSettings(EvictionSettings.DEFAULT.thresholds(), Duration.ZERO, Duration.ZERO);
        Plan pressed = plan(settings, 50, History.NONE, NOW);
        assertThat(pressed.pressures()).containsExactly(Pressure.MEMORY);
        assertThat(plan(settings, 500, pressed.history(), NOW.plusSeconds(1)).pressures())
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} under {1}: {2}")
    @CsvSource({
        "'',          '',            true",
        "'',          MEMORY,        false",
        "'',          DISK,          false",
        "requests,    MEMORY,        true",
        "requests,    PIDS,          false",
        "requests,    MEMORY DISK,   false",
        "tolerates,   MEMORY,        true",
        "tolerates,   DISK,          false",
        "critical,    MEMORY DISK,   true",
    })
    void podsThatComeAreRefusedUnderPressure(String kind, String pressures, boolean admitted) {
        PodSpecBuilder spec = new PodSpecBuilder(
                SpecPods.pod(SpecPods.container("app", kind.equals("requests") ? "memory=1Mi" : "", "")));
        if (kind.equals("tolerates")) {
            spec.addNewToleration()
                    .withKey("node.kubernetes.io/memory-pressure")
                    .withOperator("Exists")
                    .endToleration();
        }
        if (kind.equals("critical")) {
            spec.withPriority(2_000_000_000);
        }
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withUid("u")
                .withNamespace("ns")
                .withName("p")
                .endMetadata()
                .withSpec(spec.build())
                .build();
        Set<Pressure> under = Arrays.stream(pressures.split(" "))
                .filter(word -> !word.isEmpty())
                .map(Pressure::valueOf)
                .collect(Collectors.toSet());
        assertThat(EvictionPlanner.admits(DesiredPods.of(pod), under)).isEqualTo(admitted);
    }

    @Test
    void minimumReclaimIsWantedOnTopOnceAThresholdWasMet() {
        Threshold greedy = new Threshold(Signal.MEMORY, "100Mi", Duration.ZERO, "10%");
        EvictionSettings settings = new EvictionSettings(List.of(greedy), Duration.ZERO, Duration.ZERO);
        assertThat(plan(settings, 100, History.NONE, NOW).act())
                .as("not met yet")
                .isEmpty();
        Plan met = plan(settings, 99, History.NONE, NOW);
        Plan little = plan(settings, 509, met.history(), NOW.plusSeconds(10));
        assertThat(little.act()).contains(greedy);
        Plan enough = plan(settings, 510, little.history(), NOW.plusSeconds(20));
        assertThat(enough.act()).isEmpty();
        assertThat(plan(settings, 200, enough.history(), NOW.plusSeconds(30)).act())
                .as("over")
                .isEmpty();
    }
}
