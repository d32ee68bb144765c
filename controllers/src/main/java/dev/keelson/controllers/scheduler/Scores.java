package dev.keelson.controllers.scheduler;

import dev.keelson.controllers.objects.Tolerations;
import io.fabric8.kubernetes.api.model.PreferredSchedulingTerm;
import java.util.List;
import java.util.stream.Stream;

/** The scores of the default profile. */
final class Scores {
    private static final long BEST = 100;

    static final List<ScorePlugin> DEFAULT = List.of(
            weighted(3, Scores::spread),
            weighted(1, Scores::leastAllocated),
            weighted(2, Scores::preferred),
            weighted(3, Scores::preferNoSchedule));

    private Scores() {}

    private static ScorePlugin weighted(int weight, ScorePlugin plugin) {
        return new ScorePlugin() {
            @Override
            public long score(PodRequest pod, NodeView node) {
                return plugin.score(pod, node);
            }

            @Override
            public int weight() {
                return weight;
            }
        };
    }

    /** Replicas of one owner apart from each other, so that one node's loss takes few of them. */
    private static long spread(PodRequest pod, NodeView node) {
        if (pod.ownerUid().isEmpty()) {
            return BEST;
        }
        return BEST / (1 + node.replicasByOwner().getOrDefault(pod.ownerUid(), 0L));
    }

    private static long leastAllocated(PodRequest pod, NodeView node) {
        return (long) Stream.of("cpu", "memory")
                .mapToLong(name -> freeShare(node, name, pod.requests().get(name)))
                .average()
                .orElse(0);
    }

    private static long freeShare(NodeView node, String resource, long more) {
        long allocatable = node.allocatable().get(resource);
        long free = allocatable - node.requested().get(resource) - more;
        return allocatable <= 0 ? 0 : Math.clamp(BEST * free / allocatable, 0, BEST);
    }

    private static long preferred(PodRequest pod, NodeView node) {
        List<PreferredSchedulingTerm> terms = pod.nodeAffinity()
                .map(affinity -> affinity.getPreferredDuringSchedulingIgnoredDuringExecution())
                .orElse(List.of());
        long all = terms.stream().mapToLong(PreferredSchedulingTerm::getWeight).sum();
        long met = terms.stream()
                .filter(term -> NodeTerms.matches(term.getPreference(), node))
                .mapToLong(PreferredSchedulingTerm::getWeight)
                .sum();
        return all == 0 ? 0 : BEST * met / all;
    }

    private static long preferNoSchedule(PodRequest pod, NodeView node) {
        long unwelcome = node.taints().stream()
                .filter(taint -> "PreferNoSchedule".equals(taint.getEffect()))
                .filter(taint -> !Tolerations.tolerates(pod.tolerations(), taint))
                .count();
        return BEST / (1 + unwelcome);
    }
}
