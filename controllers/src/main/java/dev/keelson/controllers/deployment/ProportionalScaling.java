package dev.keelson.controllers.deployment;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Spreads a change of a Deployment's size over its ReplicaSets while a rollout is under way, in proportion to their sizes, so
 * that a half-done rollout stays half done.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling">Proportional
 *     scaling</a>
 */
final class ProportionalScaling {
    /** Largest first; of equal ones the newest, because it is the one that should win in the end. */
    private static final Comparator<ReplicaSetView> LARGEST_FIRST = Comparator.comparingInt(ReplicaSetView::spec)
            .reversed()
            .thenComparing(ReplicaSetView.OLDEST_FIRST.reversed());

    private ProportionalScaling() {}

    /** New sizes of all ReplicaSets that have pods. */
    static Map<String, Integer> sizes(DeploymentView deployment, List<ReplicaSetView> active) {
        int present = active.stream().mapToInt(ReplicaSetView::spec).sum();
        int change = deployment.maxTotal() - present;
        Map<String, Integer> sizes = new LinkedHashMap<>();
        int left = change;
        for (ReplicaSetView set : active.stream().sorted(LARGEST_FIRST).toList()) {
            int share = share(set, deployment, change, left);
            sizes.put(set.name(), set.spec() + share);
            left -= share;
        }
        // What rounding left over goes to the largest one.
        int rest = left;
        sizes.entrySet().stream().findFirst().ifPresent(first -> first.setValue(Math.max(0, first.getValue() + rest)));
        return sizes;
    }

    /** A set's part of the change: what keeps its part of the whole, never beyond what is left to give or take. */
    private static int share(ReplicaSetView set, DeploymentView deployment, int change, int left) {
        if (change == 0 || left == 0 || set.spec() == 0) {
            return 0;
        }
        int before = set.max().filter(max -> max > 0).orElse(deployment.maxTotal());
        int wanted = (int) Math.round(set.spec() * (double) deployment.maxTotal() / before) - set.spec();
        return change > 0 ? Math.clamp(wanted, 0, left) : Math.clamp(wanted, Math.max(left, -set.spec()), 0);
    }
}
