package dev.keelson.controllers.deployment;

import dev.keelson.controllers.deployment.DeploymentPlanner.World;
import dev.keelson.controllers.objects.Times;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A Deployment's status as a function of its ReplicaSets. {@code kubectl rollout status} reads nothing else.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status">Deployment
 *     status</a>
 */
final class DeploymentStatus {
    private static final String PROGRESSING = "Progressing";
    private static final String AVAILABLE = "Available";
    private static final String FAILURE = "ReplicaFailure";
    static final String COMPLETE = "NewReplicaSetAvailable";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";

    /** The sums that the status consists of. */
    private record Counts(int replicas, int updated, int ready, int available, int specified) {
        static Counts of(World world) {
            int actual = world.sets().stream().mapToInt(ReplicaSetView::actual).sum();
            return new Counts(
                    actual,
                    world.newest().map(ReplicaSetView::actual).orElse(0),
                    world.sets().stream().mapToInt(ReplicaSetView::ready).sum(),
                    world.sets().stream().mapToInt(ReplicaSetView::reported).sum(),
                    world.sets().stream().mapToInt(ReplicaSetView::spec).sum());
        }

        static Counts of(io.fabric8.kubernetes.api.model.apps.DeploymentStatus status) {
            return new Counts(
                    orZero(status.getReplicas()),
                    orZero(status.getUpdatedReplicas()),
                    orZero(status.getReadyReplicas()),
                    orZero(status.getAvailableReplicas()),
                    0);
        }

        boolean complete(int wanted) {
            return updated == wanted && replicas == wanted && available >= wanted;
        }

        boolean progressSince(Counts before) {
            return updated > before.updated
                    || replicas - updated < before.replicas - before.updated
                    || ready > before.ready
                    || available > before.available;
        }
    }

    private DeploymentStatus() {}

    static io.fabric8.kubernetes.api.model.apps.DeploymentStatus of(
            Deployment deployment,
            World world,
            Optional<DeploymentCondition> replicaFailure,
            int collisions,
            Instant now) {
        Counts counts = Counts.of(world);
        return new DeploymentStatusBuilder()
                .withObservedGeneration(deployment.getMetadata().getGeneration())
                .withReplicas(counts.replicas())
                .withUpdatedReplicas(counts.updated())
                .withReadyReplicas(counts.ready())
                .withAvailableReplicas(counts.available())
                .withUnavailableReplicas(Math.max(0, counts.specified() - counts.available()))
                .withCollisionCount(collisions == 0 ? null : collisions)
                .withConditions(Stream.of(
                                Optional.of(available(deployment, world, counts, now)),
                                progressing(deployment, world, counts, now),
                                replicaFailure)
                        .flatMap(Optional::stream)
                        .toList())
                .build();
    }

    /** When the progress deadline runs out; empty when nothing is being waited for. */
    static Optional<Duration> untilDeadline(
            Deployment deployment, io.fabric8.kubernetes.api.model.apps.DeploymentStatus status, Instant now) {
        return condition(status.getConditions(), PROGRESSING)
                .filter(progress -> !List.of(COMPLETE, TIMED_OUT).contains(progress.getReason()))
                .filter(progress -> "True".equals(progress.getStatus()))
                .flatMap(progress -> deadline(deployment).flatMap(limit -> Times.parse(progress.getLastUpdateTime())
                        .map(last -> last.plus(limit))))
                .map(end -> Duration.between(now, end).plusSeconds(1));
    }

    private static DeploymentCondition available(Deployment deployment, World world, Counts counts, Instant now) {
        boolean enough = counts.available() >= world.deployment().minAvailable();
        return renew(
                deployment,
                AVAILABLE,
                enough ? "True" : "False",
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                enough
                        ? "Deployment has minimum availability."
                        : "Deployment does not have minimum availability: %d of at least %d available."
                                .formatted(
                                        counts.available(), world.deployment().minAvailable()),
                false,
                now);
    }

    private static Optional<DeploymentCondition> progressing(
            Deployment deployment, World world, Counts counts, Instant now) {
        Optional<DeploymentCondition> known = condition(conditions(deployment), PROGRESSING);
        if (deadline(deployment).isEmpty()) {
            return Optional.empty();
        }
        if (world.deployment().paused()) {
            return Optional.of(progress(deployment, "Unknown", "DeploymentPaused", "Deployment is paused", now));
        }
        String set = world.newest()
                .map(ReplicaSetView::name)
                .orElse(world.deployment().newName());
        boolean complete = counts.complete(world.deployment().replicas())
                && world.newest().filter(ReplicaSetView::observed).isPresent();
        if (complete) {
            String message = "ReplicaSet \"%s\" has successfully progressed.".formatted(set);
            return Optional.of(progress(deployment, "True", COMPLETE, message, now));
        }
        if (rolloutStarts(known, world, counts, set)) {
            return Optional.of(
                    renew(deployment, PROGRESSING, "True", "ReplicaSetUpdated", isProgressing(set), true, now));
        }
        if (known.filter(before -> stillComplete(before, counts)).isPresent()) {
            return known; // losing a pod of a finished rollout does not start its deadline again
        }
        if (counts.progressSince(Counts.of(orEmpty(deployment)))) {
            return Optional.of(
                    renew(deployment, PROGRESSING, "True", "ReplicaSetUpdated", isProgressing(set), true, now));
        }
        return Optional.of(known.filter(before -> overdue(deployment, before, now))
                .map(before -> progress(
                        deployment,
                        "False",
                        TIMED_OUT,
                        "ReplicaSet \"%s\" has timed out progressing.".formatted(set),
                        now))
                .or(() -> known)
                .orElseThrow());
    }

    private static String isProgressing(String set) {
        return "ReplicaSet \"%s\" is progressing.".formatted(set);
    }

    /** Nothing known, resumed after a pause, or a verdict that speaks of another ReplicaSet. */
    private static boolean rolloutStarts(Optional<DeploymentCondition> known, World world, Counts counts, String set) {
        return known.isEmpty()
                || known.get().getReason().equals("DeploymentPaused")
                || !Objects.requireNonNullElse(known.get().getMessage(), "").contains('"' + set + '"')
                || known.get().getReason().equals(COMPLETE)
                        && counts.replicas() > counts.updated()
                        && hasOldPods(world);
    }

    private static boolean hasOldPods(World world) {
        return world.old().stream().anyMatch(old -> old.spec() > 0);
    }

    private static boolean stillComplete(DeploymentCondition known, Counts counts) {
        return known.getReason().equals(COMPLETE) && counts.replicas() == counts.updated();
    }

    private static boolean overdue(Deployment deployment, DeploymentCondition known, Instant now) {
        if (known.getReason().equals(TIMED_OUT)) {
            return true;
        }
        Instant last = Times.parse(known.getLastUpdateTime()).orElse(now);
        return deadline(deployment)
                .filter(limit -> last.plus(limit).isBefore(now))
                .isPresent();
    }

    private static Optional<Duration> deadline(Deployment deployment) {
        int seconds = Objects.requireNonNullElse(deployment.getSpec().getProgressDeadlineSeconds(), 600);
        // Kubernetes takes the largest integer for "no deadline".
        return seconds == Integer.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    private static DeploymentCondition progress(
            Deployment deployment, String status, String reason, String message, Instant now) {
        return renew(deployment, PROGRESSING, status, reason, message, false, now);
    }

    /** The condition with its old times where nothing changed; {@code touch} notes progress under the same verdict. */
    private static DeploymentCondition renew(
            Deployment deployment,
            String type,
            String status,
            String reason,
            String message,
            boolean touch,
            Instant now) {
        Optional<DeploymentCondition> known = condition(conditions(deployment), type);
        boolean sameStatus =
                known.filter(before -> status.equals(before.getStatus())).isPresent();
        boolean sameReason = sameStatus
                && known.filter(before -> reason.equals(before.getReason()) && message.equals(before.getMessage()))
                        .isPresent();
        String time = Times.format(now);
        return new DeploymentConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(sameStatus ? known.get().getLastTransitionTime() : time)
                .withLastUpdateTime(sameReason && !touch ? known.get().getLastUpdateTime() : time)
                .build();
    }

    private static List<DeploymentCondition> conditions(Deployment deployment) {
        return orEmpty(deployment).getConditions();
    }

    private static io.fabric8.kubernetes.api.model.apps.DeploymentStatus orEmpty(Deployment deployment) {
        return Objects.requireNonNullElseGet(
                deployment.getStatus(), io.fabric8.kubernetes.api.model.apps.DeploymentStatus::new);
    }

    private static Optional<DeploymentCondition> condition(List<DeploymentCondition> all, String type) {
        return all.stream().filter(one -> type.equals(one.getType())).findFirst();
    }

    /** The first failure that a ReplicaSet reports, the newest one's before the others'. */
    static Optional<DeploymentCondition> replicaFailure(
            List<io.fabric8.kubernetes.api.model.apps.ReplicaSet> newestFirst) {
        return newestFirst.stream()
                .filter(set -> set.getStatus() != null)
                .flatMap(set -> set.getStatus().getConditions().stream())
                .filter(one -> FAILURE.equals(one.getType()) && "True".equals(one.getStatus()))
                .findFirst()
                .map(failure -> new DeploymentConditionBuilder()
                        .withType(FAILURE)
                        .withStatus("True")
                        .withReason(failure.getReason())
                        .withMessage(failure.getMessage())
                        .withLastTransitionTime(failure.getLastTransitionTime())
                        .withLastUpdateTime(failure.getLastTransitionTime())
                        .build());
    }

    private static int orZero(Integer number) {
        return Objects.requireNonNullElse(number, 0);
    }
}
