package dev.keelson.controllers.disruption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.keelson.controllers.disruption.DisruptionPlan.Counted;
import dev.keelson.controllers.disruption.PodView.Owner;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class DisruptionPlannerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Owner NOBODY = new Owner.None();

    /** Bound, ready pods, unready pods, scale of their owner (0: nobody owns them); healthy, desired, expected, allowed. */
    static Stream<Arguments> bounds() {
        return Stream.of(
                arguments(atLeast(2), 3, 0, 3, List.of(3, 2, 3, 1)),
                arguments(atLeast(2), 2, 1, 3, List.of(2, 2, 3, 0)),
                arguments(atLeast(2), 1, 0, 3, List.of(1, 2, 1, 0)),
                arguments(atLeast(2), 3, 0, 0, List.of(3, 2, 3, 1)),
                arguments(atLeast(0), 0, 0, 0, List.of(0, 0, 0, 0)),
                arguments(atLeast("50%"), 5, 0, 5, List.of(5, 3, 5, 2)),
                arguments(atLeast("50%"), 4, 0, 7, List.of(4, 4, 7, 0)),
                arguments(atLeast("28%"), 2, 0, 10, List.of(2, 3, 10, 0)),
                arguments(atLeast("50%"), 3, 0, 0, List.of(3, 0, 0, 0)),
                arguments(atMost(1), 3, 0, 3, List.of(3, 2, 3, 1)),
                arguments(atMost(1), 3, 0, 5, List.of(3, 4, 5, 0)),
                arguments(atMost(5), 1, 0, 1, List.of(1, 0, 1, 1)),
                arguments(atMost("30%"), 10, 0, 10, List.of(10, 7, 10, 3)),
                arguments(atMost("1%"), 7, 0, 7, List.of(7, 6, 7, 1)),
                arguments(atMost(1), 3, 0, 0, List.of(3, 0, 0, 0)),
                arguments(new Wanted.Nothing(), 3, 0, 3, List.of(3, 0, 0, 0)));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void countsAreThoseOfKubernetes(Wanted wanted, int ready, int unready, int scale, List<Integer> counts) {
        Owner owner = scale == 0 ? NOBODY : new Owner.Scaled("set", scale);
        List<PodView> pods = IntStream.range(0, ready + unready)
                .mapToObj(at -> new PodView("web-" + at, at < ready, false, owner))
                .toList();

        Counted counted = counted(wanted, pods, Map.of());

        assertThat(List.of(counted.healthy(), counted.desired(), counted.expected(), counted.allowed()))
                .isEqualTo(counts);
        assertThat(counted.unmanaged()).hasSize(wanted.ofScale() && scale == 0 ? pods.size() : 0);
    }

    @Test
    void ownersAreCountedOnceEachAndPodsWithoutOneNotAtAll() {
        List<PodView> pods = new ArrayList<>(List.of(
                new PodView("a-1", true, false, new Owner.Scaled("a", 4)),
                new PodView("a-2", true, false, new Owner.Scaled("a", 4)),
                new PodView("b-1", true, false, new Owner.Scaled("b", 2)),
                new PodView("bare", true, false, NOBODY)));
        Counted counted = counted(atMost(3), pods, Map.of());
        Collections.reverse(pods);

        assertThat(counted.expected()).isEqualTo(6);
        assertThat(counted.allowed()).isEqualTo(1);
        assertThat(counted.unmanaged()).containsExactly("bare");
        assertThat(counted(atMost(3), pods, Map.of())).isEqualTo(counted);
    }

    @Test
    void podsThatAreBeingDeletedAreExpectedAndNotHealthy() {
        Counted counted = counted(atLeast(1), List.of(pod("going", true), pod("a", false), pod("b", false)), Map.of());

        assertThat(counted.expected()).isEqualTo(3);
        assertThat(counted.healthy()).isEqualTo(2);
        assertThat(counted.allowed()).isEqualTo(1);
    }

    @Test
    void grantedEvictionsCountAsGoneForTwoMinutes() {
        Map<String, Instant> disrupted = Map.of(
                "fresh", NOW.minusSeconds(20),
                "fresher", NOW.minusSeconds(5),
                "stale", NOW.minusSeconds(121),
                "going", NOW.minusSeconds(5),
                "vanished", NOW.minusSeconds(5));
        List<PodView> pods = List.of(
                pod("fresh", false), pod("fresher", false), pod("stale", false), pod("going", true), pod("a", false));

        Counted counted = counted(atLeast(1), pods, disrupted);

        assertThat(counted.disrupted()).containsOnlyKeys("fresh", "fresher");
        assertThat(counted.healthy()).isEqualTo(2);
        assertThat(counted.overdue()).containsExactly("stale");
        assertThat(counted.recheck()).contains(NOW.plusSeconds(100));
    }

    @Test
    void grantAtItsLastMomentIsKeptAndItsPodCountsAgain() {
        Counted counted = counted(atLeast(0), List.of(pod("a", false)), Map.of("a", NOW.minusSeconds(120)));

        assertThat(counted.disrupted()).containsOnlyKeys("a");
        assertThat(counted.healthy()).isEqualTo(1);
        assertThat(counted.recheck()).contains(NOW);
    }

    @Test
    void ownersThatNameNoScaleMatterOnlyToBoundsOfAScale() {
        List<PodView> pods = List.of(new PodView("a", true, false, new Owner.Gone()));

        assertThat(DisruptionPlanner.plan(atMost(1), pods, Map.of(), NOW))
                .isEqualTo(new DisruptionPlan.Failed("found no controllers for pod \"a\""));
        assertThat(counted(atLeast(0), pods, Map.of()).allowed()).isEqualTo(1);

        String problem = "jobs.batch does not implement the scale subresource";
        assertThat(DisruptionPlanner.plan(
                        atLeast("10%"),
                        List.of(new PodView("a", true, false, new Owner.Unscalable(problem))),
                        Map.of(),
                        NOW))
                .isEqualTo(new DisruptionPlan.Failed(problem));
    }

    @Test
    void budgetWithoutGrantsNeedsNoSecondLook() {
        assertThat(counted(atLeast(1), List.of(pod("a", false)), Map.of()).recheck())
                .isEqualTo(Optional.empty());
    }

    private static Counted counted(Wanted wanted, List<PodView> pods, Map<String, Instant> disrupted) {
        return (Counted) DisruptionPlanner.plan(wanted, pods, disrupted, NOW);
    }

    private static PodView pod(String name, boolean deleting) {
        return new PodView(name, true, deleting, NOBODY);
    }

    private static Wanted atLeast(Object amount) {
        return new Wanted.MinAvailable(new IntOrString(amount));
    }

    private static Wanted atMost(Object amount) {
        return new Wanted.MaxUnavailable(new IntOrString(amount));
    }
}
