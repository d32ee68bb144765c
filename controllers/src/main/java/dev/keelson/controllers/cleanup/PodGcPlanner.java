package dev.keelson.controllers.cleanup;

import static java.util.Comparator.comparing;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Decides which pods nobody else will ever clean up. Pure. */
final class PodGcPlanner {
    /** As Kubernetes' {@code --terminated-pod-gc-threshold}. */
    static final int MAX_ENDED = 12_500;

    /** @param node the node it is bound to, empty for none */
    record PodView(
            String namespace,
            String name,
            String uid,
            String node,
            boolean ended,
            boolean terminating,
            Instant created) {}

    record Removal(PodView pod, String reason) {}

    private PodGcPlanner() {}

    /** @param goneNodes names that pods are bound to and that the server confirmed not to exist for a while */
    static List<Removal> plan(List<PodView> pods, Set<String> goneNodes, int maxEnded) {
        Stream<Removal> orphaned = pods.stream()
                .filter(pod -> goneNodes.contains(pod.node()))
                .map(pod -> new Removal(pod, "its node \"%s\" does not exist".formatted(pod.node())));
        Stream<Removal> neverStarted = pods.stream()
                .filter(pod -> pod.terminating() && pod.node().isEmpty())
                .map(pod -> new Removal(pod, "it is being deleted and no node ever ran it"));
        List<PodView> ended = pods.stream()
                .filter(pod -> pod.ended() && !goneNodes.contains(pod.node()) && !pod.terminating())
                .sorted(comparing(PodView::created)
                        .thenComparing(PodView::namespace)
                        .thenComparing(PodView::name))
                .toList();
        Stream<Removal> surplus = ended.stream()
                .limit(Math.max(0, ended.size() - maxEnded))
                .map(pod -> new Removal(pod, "more than %d pods have ended".formatted(maxEnded)));
        return Stream.of(orphaned, neverStarted, surplus).flatMap(one -> one).toList();
    }
}
