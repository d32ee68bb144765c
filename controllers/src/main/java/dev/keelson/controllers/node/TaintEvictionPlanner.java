package dev.keelson.controllers.node;

import dev.keelson.controllers.objects.Times;
import dev.keelson.controllers.objects.Tolerations;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides when a pod must leave a node because of its NoExecute taints. Pure. */
final class TaintEvictionPlanner {
    /** What admission gives pods that say nothing about these taints; assumed here for pods that came without it. */
    static final Duration DEFAULT_TOLERATION = Duration.ofSeconds(300);

    private static final Set<String> TOLERATED_FOR_A_WHILE = Set.of(NodeHealth.NOT_READY, NodeHealth.UNREACHABLE);

    private TaintEvictionPlanner() {}

    /**
     * The time at which the pod has to go; empty for never.
     *
     * @param seen when a taint without a time of its own was seen first
     */
    static Optional<Instant> evictAt(List<Toleration> tolerations, List<Taint> taints, Instant seen) {
        return taints.stream()
                .filter(taint -> "NoExecute".equals(taint.getEffect()))
                .flatMap(
                        taint -> tolerated(tolerations, taint)
                                .map(limit -> Times.parse(taint.getTimeAdded())
                                        .orElse(seen)
                                        .plus(limit))
                                .stream())
                .min(Instant::compareTo);
    }

    /** How long a taint is tolerated; empty for ever. */
    private static Optional<Duration> tolerated(List<Toleration> tolerations, Taint taint) {
        List<Toleration> matching = Tolerations.matching(tolerations, taint).toList();
        if (matching.isEmpty()) {
            return Optional.of(TOLERATED_FOR_A_WHILE.contains(taint.getKey()) ? DEFAULT_TOLERATION : Duration.ZERO);
        }
        return matching.stream()
                .filter(toleration -> toleration.getTolerationSeconds() != null)
                .map(toleration -> Duration.ofSeconds(Math.max(0, toleration.getTolerationSeconds())))
                .min(Duration::compareTo);
    }
}
