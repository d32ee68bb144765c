package dev.keelson.controllers.replicaset;

import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.objects.Times;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the planner knows of a pod.
 *
 * @param owner whether this ReplicaSet controls the pod, nobody does, or somebody else
 * @param matches whether the ReplicaSet's selector selects it
 * @param templateLabels whether it carries all labels of the pod template
 * @param readySince since when it has been ready; empty while it is not
 * @param deletionCost the user's wish for an order of deletion, lowest first
 */
record PodView(
        String name,
        String uid,
        Owner owner,
        boolean matches,
        boolean templateLabels,
        boolean ended,
        boolean terminating,
        String node,
        String phase,
        Optional<Instant> readySince,
        int deletionCost,
        int restarts,
        Instant created) {

    enum Owner {
        OURS,
        NOBODY,
        OTHER
    }

    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    static PodView of(Pod pod, String ownerUid, boolean matches, boolean templateLabels) {
        Owner owner = Owners.controller(pod)
                .map(reference -> reference.getUid().equals(ownerUid) ? Owner.OURS : Owner.OTHER)
                .orElse(Owner.NOBODY);
        return new PodView(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                owner,
                matches,
                templateLabels,
                Pods.ended(pod),
                Pods.terminating(pod),
                Pods.node(pod),
                Pods.phase(pod),
                Pods.ready(pod) ? Pods.readySince(pod).or(() -> Optional.of(Instant.EPOCH)) : Optional.empty(),
                deletionCost(pod),
                Pods.restarts(pod),
                Times.parse(pod.getMetadata().getCreationTimestamp()).orElse(Instant.EPOCH));
    }

    /** Ours, running or about to, and wanted: counts as a replica. */
    boolean counts() {
        return owner == Owner.OURS && matches && !ended && !terminating;
    }

    boolean ready() {
        return readySince.isPresent();
    }

    boolean available(Duration minReady, Instant now) {
        return readySince.filter(since -> !since.plus(minReady).isAfter(now)).isPresent();
    }

    private static int deletionCost(Pod pod) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
        try {
            return Integer.parseInt(annotations.getOrDefault(DELETION_COST, "0"));
        } catch (NumberFormatException unreadable) {
            return 0; // as Kubernetes: an unreadable cost is no cost
        }
    }
}
