package dev.keelson.controllers.disruption;

import static java.util.stream.Collectors.toMap;

import dev.keelson.controllers.disruption.PodView.Owner;
import dev.keelson.controllers.objects.IntOrPercent;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Counts for a budget as Kubernetes 1.32's {@code pkg/controller/disruption} does. Pure. */
final class DisruptionPlanner {
    /** How long a granted eviction is believed in before its pod counts again. */
    static final Duration DELETION_TIMEOUT = Duration.ofMinutes(2);

    private record Numbers(int expected, int desired) {}

    private DisruptionPlanner() {}

    /**
     * The counts for one budget.
     *
     * @param pods what the budget selects; their owners matter only to a bound {@link Wanted#ofScale of a scale}
     * @param disrupted the evictions granted so far, by the pod's name
     */
    static DisruptionPlan plan(Wanted wanted, List<PodView> pods, Map<String, Instant> disrupted, Instant now) {
        Optional<String> problem = wanted.ofScale()
                ? pods.stream().flatMap(DisruptionPlanner::problem).findFirst()
                : Optional.empty();
        return problem.<DisruptionPlan>map(DisruptionPlan.Failed::new)
                .orElseGet(() -> count(wanted, pods, disrupted, now));
    }

    private static Stream<String> problem(PodView pod) {
        return switch (pod.owner()) {
            case Owner.Gone() -> Stream.of("found no controllers for pod \"%s\"".formatted(pod.name()));
            case Owner.Unscalable(String problem) -> Stream.of(problem);
            case Owner.None nobody -> Stream.empty();
            case Owner.Scaled known -> Stream.empty();
        };
    }

    private static DisruptionPlan count(
            Wanted wanted, List<PodView> pods, Map<String, Instant> disrupted, Instant now) {
        Numbers numbers = numbers(wanted, pods);
        List<PodView> granted = pods.stream()
                .filter(pod -> !pod.deleting() && disrupted.containsKey(pod.name()))
                .toList();
        Map<String, Instant> open = granted.stream()
                .filter(pod -> !end(disrupted, pod).isBefore(now))
                .collect(toMap(PodView::name, pod -> disrupted.get(pod.name())));
        return new DisruptionPlan.Counted(
                healthy(pods, open, now),
                numbers.desired(),
                numbers.expected(),
                open,
                names(granted.stream().filter(pod -> !open.containsKey(pod.name()))),
                wanted.ofScale() ? names(pods.stream().filter(pod -> pod.owner() instanceof Owner.None)) : List.of(),
                open.values().stream().min(Instant::compareTo).map(first -> first.plus(DELETION_TIMEOUT)));
    }

    private static Instant end(Map<String, Instant> disrupted, PodView pod) {
        return disrupted.get(pod.name()).plus(DELETION_TIMEOUT);
    }

    private static int healthy(List<PodView> pods, Map<String, Instant> open, Instant now) {
        return (int) pods.stream()
                .filter(pod -> pod.ready() && !pod.deleting())
                .filter(pod -> !open.containsKey(pod.name()) || !end(open, pod).isAfter(now))
                .count();
    }

    private static List<String> names(Stream<PodView> pods) {
        return pods.map(PodView::name).sorted().toList();
    }

    private static Numbers numbers(Wanted wanted, List<PodView> pods) {
        int expected = wanted.ofScale() ? scale(pods) : pods.size();
        return switch (wanted) {
            case Wanted.MaxUnavailable(IntOrString amount) ->
                new Numbers(expected, Math.max(0, expected - IntOrPercent.roundedUp(amount, "0", expected)));
            case Wanted.MinAvailable(IntOrString amount) ->
                new Numbers(expected, IntOrPercent.roundedUp(amount, "0", expected));
            case Wanted.Nothing() -> new Numbers(0, 0);
        };
    }

    /** What the owners of the pods want together, each counted once. */
    private static int scale(List<PodView> pods) {
        return pods.stream()
                .map(PodView::owner)
                .filter(Owner.Scaled.class::isInstance)
                .map(Owner.Scaled.class::cast)
                .collect(toMap(Owner.Scaled::uid, Owner.Scaled::replicas, (one, same) -> one))
                .values()
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
    }
}
