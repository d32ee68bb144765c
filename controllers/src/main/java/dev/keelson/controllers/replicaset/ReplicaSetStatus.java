package dev.keelson.controllers.replicaset;

import dev.keelson.controllers.objects.Times;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A ReplicaSet's status as a function of what its pods are after a pass. */
final class ReplicaSetStatus {
    private static final String FAILURE = "ReplicaFailure";

    /**
     * Why a pass could not do all of its plan.
     *
     * @param reason {@code FailedCreate} or {@code FailedDelete}
     */
    record Failure(String reason, String message) {}

    private ReplicaSetStatus() {}

    /**
     * The new status.
     *
     * @param pods the ReplicaSet's pods as this pass leaves them
     */
    static io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus of(
            ReplicaSet set, List<PodView> pods, Optional<Failure> failure, Instant now) {
        List<PodView> counted = pods.stream().filter(PodView::counts).toList();
        Duration minReady = minReady(set);
        return new ReplicaSetStatusBuilder()
                .withReplicas(counted.size())
                .withFullyLabeledReplicas(count(counted.stream().filter(PodView::templateLabels)))
                .withReadyReplicas(count(counted.stream().filter(PodView::ready)))
                .withAvailableReplicas(count(counted.stream().filter(pod -> pod.available(minReady, now))))
                .withObservedGeneration(set.getMetadata().getGeneration())
                .withConditions(conditions(set, failure, now))
                .build();
    }

    /** When the next ready pod becomes available; empty when none is on its way. */
    static Optional<Duration> untilNextAvailable(ReplicaSet set, List<PodView> pods, Instant now) {
        Duration minReady = minReady(set);
        return pods.stream()
                .filter(PodView::counts)
                .filter(pod -> !pod.available(minReady, now))
                .flatMap(pod -> pod.readySince().stream())
                .map(since -> Duration.between(now, since.plus(minReady)).plusMillis(1))
                .min(Duration::compareTo);
    }

    private static Duration minReady(ReplicaSet set) {
        return Duration.ofSeconds(Objects.requireNonNullElse(set.getSpec().getMinReadySeconds(), 0));
    }

    private static Integer count(Stream<PodView> pods) {
        return (int) pods.count();
    }

    private static List<ReplicaSetCondition> conditions(ReplicaSet set, Optional<Failure> failure, Instant now) {
        List<ReplicaSetCondition> before =
                set.getStatus() == null ? List.of() : set.getStatus().getConditions();
        Stream<ReplicaSetCondition> others = before.stream().filter(one -> !FAILURE.equals(one.getType()));
        Optional<ReplicaSetCondition> known =
                before.stream().filter(one -> FAILURE.equals(one.getType())).findFirst();
        Stream<ReplicaSetCondition> current = failure.stream().map(now(known, now));
        return Stream.concat(others, current).toList();
    }

    private static java.util.function.Function<Failure, ReplicaSetCondition> now(
            Optional<ReplicaSetCondition> known, Instant now) {
        return failure -> new ReplicaSetConditionBuilder()
                .withType(FAILURE)
                .withStatus("True")
                .withReason(failure.reason())
                .withMessage(failure.message())
                .withLastTransitionTime(
                        known.map(ReplicaSetCondition::getLastTransitionTime).orElse(Times.format(now)))
                .build();
    }
}
