package dev.keelson.controllers.deployment;

import dev.keelson.controllers.objects.IntOrPercent;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import java.util.Objects;

/**
 * What the planner knows of a Deployment, with every default spelled out.
 *
 * @param revision the number in its revision annotation, 0 without one
 * @param historyLimit how many old, empty ReplicaSets are kept for undo
 * @param newName the name that a ReplicaSet for the current template gets
 */
record DeploymentView(
        int replicas,
        Strategy strategy,
        boolean paused,
        boolean deleting,
        long revision,
        int historyLimit,
        String newName) {

    /** How pods of the old template make room for pods of the new one. */
    sealed interface Strategy {
        /** How many pods may exist beyond {@code replicas}. */
        int maxSurge();
    }

    /** All old pods end before the first new one starts. */
    record Recreate() implements Strategy {
        @Override
        public int maxSurge() {
            return 0;
        }
    }

    /** @param maxUnavailable how many of {@code replicas} may be unavailable at any time */
    record Rolling(int maxSurge, int maxUnavailable) implements Strategy {}

    private static final String DEFAULT_BOUND = "25%";

    static DeploymentView of(Deployment deployment, String newName) {
        DeploymentSpec spec = deployment.getSpec();
        int replicas = Objects.requireNonNullElse(spec.getReplicas(), 1);
        return new DeploymentView(
                replicas,
                strategy(spec, replicas),
                Boolean.TRUE.equals(spec.getPaused()),
                deployment.getMetadata().getDeletionTimestamp() != null,
                Annotations.revision(deployment),
                Objects.requireNonNullElse(spec.getRevisionHistoryLimit(), 10),
                newName);
    }

    /** Percentages round up for surge and down for unavailable; both zero would never move, so one may be missing then. */
    private static Strategy strategy(DeploymentSpec spec, int replicas) {
        if (spec.getStrategy() != null && "Recreate".equals(spec.getStrategy().getType())) {
            return new Recreate();
        }
        RollingUpdateDeployment bounds =
                spec.getStrategy() == null || spec.getStrategy().getRollingUpdate() == null
                        ? new RollingUpdateDeployment()
                        : spec.getStrategy().getRollingUpdate();
        int surge = IntOrPercent.roundedUp(bounds.getMaxSurge(), DEFAULT_BOUND, replicas);
        int unavailable = IntOrPercent.roundedDown(bounds.getMaxUnavailable(), DEFAULT_BOUND, replicas);
        return new Rolling(surge, surge == 0 && unavailable == 0 ? 1 : Math.min(unavailable, replicas));
    }

    /** The most pods that may exist at a time. A Deployment of no replicas needs no surge. */
    int maxTotal() {
        return replicas == 0 ? 0 : replicas + strategy.maxSurge();
    }

    /** The fewest pods that must be available while the old ones can provide that. */
    int minAvailable() {
        return switch (strategy) {
            case Recreate() -> 0;
            case Rolling rolling -> replicas - rolling.maxUnavailable();
        };
    }
}
