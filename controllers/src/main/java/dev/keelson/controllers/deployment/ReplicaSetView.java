package dev.keelson.controllers.deployment;

import dev.keelson.controllers.objects.Times;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * What the planner knows of one of a Deployment's ReplicaSets.
 *
 * @param current whether its template is the Deployment's
 * @param observed whether its status speaks of its present spec
 * @param spec how many pods it shall have
 * @param actual how many it has
 * @param reported how many of those serve by its status
 * @param available how many serve for certain; 0 while unobserved, because an old status may speak of pods that are
 *     leaving
 * @param desired the Deployment's size when it was scaled last
 * @param max that size plus surge
 */
record ReplicaSetView(
        String name,
        String uid,
        boolean current,
        boolean deleting,
        Instant created,
        long revision,
        boolean observed,
        int spec,
        int actual,
        int ready,
        int reported,
        int available,
        Optional<Integer> desired,
        Optional<Integer> max) {

    static final Comparator<ReplicaSetView> OLDEST_FIRST =
            Comparator.comparing(ReplicaSetView::created).thenComparing(ReplicaSetView::name);

    static ReplicaSetView of(ReplicaSet set, boolean current) {
        int spec = Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
        var status = Optional.ofNullable(set.getStatus());
        long generation = Objects.requireNonNullElse(set.getMetadata().getGeneration(), 0L);
        boolean observed = status.map(io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus::getObservedGeneration)
                .filter(seen -> seen >= generation)
                .isPresent();
        int available = status.map(io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus::getAvailableReplicas)
                .orElse(0);
        return new ReplicaSetView(
                set.getMetadata().getName(),
                set.getMetadata().getUid(),
                current,
                set.getMetadata().getDeletionTimestamp() != null,
                Times.parse(set.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH),
                Annotations.revision(set),
                observed,
                spec,
                status.map(io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus::getReplicas)
                        .orElse(0),
                status.map(io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus::getReadyReplicas)
                        .orElse(0),
                available,
                observed ? Math.min(available, spec) : 0,
                Annotations.number(set, Annotations.DESIRED).map(Long::intValue),
                Annotations.number(set, Annotations.MAX).map(Long::intValue));
    }

    /** Pods that exist or will as soon as the ReplicaSet controller gets to it. */
    int total() {
        return Math.max(spec, actual);
    }

    int unavailable() {
        return spec - available;
    }
}
