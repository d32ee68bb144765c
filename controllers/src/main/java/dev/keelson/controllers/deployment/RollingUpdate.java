package dev.keelson.controllers.deployment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sizes that a rolling update gives to the ReplicaSets of a Deployment in one step.
 *
 * <p>Two bounds hold at every moment: no more than {@code maxTotal} pods exist, and no fewer than {@code minAvailable} are available
 * as long as it depends on us. Where a status does not speak of the present spec yet, the worse case is assumed and
 * the next pass knows more.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment">Rolling
 *     Update Deployment</a>
 */
final class RollingUpdate {
    private RollingUpdate() {}

    /** How large the new ReplicaSet should be now; {@code present} is its size, 0 before it exists. */
    static int newSize(DeploymentView deployment, int present, List<ReplicaSetView> all) {
        if (present >= deployment.replicas()) {
            return deployment.replicas();
        }
        // An unobserved ReplicaSet may still have pods that neither its spec nor its status shows.
        boolean unknown = all.stream().anyMatch(set -> !set.observed());
        if (unknown) {
            return present;
        }
        int total = all.stream().mapToInt(ReplicaSetView::total).sum();
        int room = Math.max(0, deployment.maxTotal() - total);
        return Math.min(deployment.replicas(), present + room);
    }

    /** The new sizes of old ReplicaSets that shrink; the others are left out. */
    static Map<String, Integer> shrink(
            DeploymentView deployment, Optional<ReplicaSetView> newest, List<ReplicaSetView> old) {
        int specified = newest.map(ReplicaSetView::spec).orElse(0)
                + old.stream().mapToInt(ReplicaSetView::spec).sum();
        int newUnavailable = newest.map(ReplicaSetView::unavailable).orElse(0);
        // Even if every old pod were available, so many can go before the bound is reached.
        int removable = specified - deployment.minAvailable() - newUnavailable;
        if (removable <= 0) {
            return Map.of();
        }
        Map<String, Integer> sizes = new LinkedHashMap<>();
        int cleaned = dropUnavailable(old, removable, sizes);
        int available = newest.map(ReplicaSetView::available).orElse(0)
                + old.stream().mapToInt(ReplicaSetView::available).sum();
        int spare = Math.min(removable - cleaned, available - deployment.minAvailable());
        dropAvailable(old, spare, sizes);
        return sizes;
    }

    /** Old pods that serve nobody go first: they cost nothing. */
    private static int dropUnavailable(List<ReplicaSetView> old, int limit, Map<String, Integer> sizes) {
        int dropped = 0;
        for (ReplicaSetView set : old) {
            int drop = set.observed() ? Math.min(limit - dropped, set.unavailable()) : 0;
            if (drop > 0) {
                sizes.put(set.name(), set.spec() - drop);
                dropped += drop;
            }
        }
        return dropped;
    }

    private static void dropAvailable(List<ReplicaSetView> old, int limit, Map<String, Integer> sizes) {
        int left = limit;
        for (ReplicaSetView set : old) {
            int size = sizes.getOrDefault(set.name(), set.spec());
            int drop = Math.min(left, set.observed() ? size : 0);
            if (drop > 0) {
                sizes.put(set.name(), size - drop);
                left -= drop;
            }
        }
    }
}
