package dev.keelson.controllers.replicaset;

import dev.keelson.controllers.replicaset.PodView.Owner;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.Action;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.Adopt;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.CreatePod;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.DeletePod;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.Release;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Decides which pods a ReplicaSet gains, loses, adopts or lets go. Equal inputs give equal plans. */
final class ReplicaSetPlanner {
    /** Most pods that one pass creates or deletes, so that one huge ReplicaSet does not starve the others. */
    static final int BURST = 500;

    private ReplicaSetPlanner() {}

    /**
     * @param replicas how many pods are wanted
     * @param deleting whether the ReplicaSet itself is being deleted: then its pods are the garbage collector's business
     * @param pods every pod of the namespace that the ReplicaSet controls or that its selector matches
     */
    static ReplicaSetPlan plan(int replicas, boolean deleting, List<PodView> pods) {
        if (deleting) {
            return new ReplicaSetPlan(List.of());
        }
        List<PodView> counted =
                pods.stream().filter(pod -> pod.counts() || adoptable(pod)).toList();
        return ReplicaSetPlan.of(Stream.concat(ownership(pods), scaling(replicas, counted)));
    }

    private static Stream<Action> ownership(List<PodView> pods) {
        Stream<Action> adoptions = pods.stream()
                .filter(ReplicaSetPlanner::adoptable)
                .map(pod -> new Adopt(pod.name(), pod.uid(), "the selector matches and nobody controls it"));
        Stream<Action> releases = pods.stream()
                .filter(pod -> pod.owner() == Owner.OURS && !pod.matches() && !pod.terminating())
                .map(pod -> new Release(pod.name(), pod.uid(), "the selector no longer matches its labels"));
        return Stream.concat(adoptions, releases);
    }

    private static boolean adoptable(PodView pod) {
        return pod.owner() == Owner.NOBODY && pod.matches() && !pod.ended() && !pod.terminating();
    }

    private static Stream<Action> scaling(int replicas, List<PodView> counted) {
        int missing = replicas - counted.size();
        String reason = "%d live, %d wanted".formatted(counted.size(), replicas);
        if (missing >= 0) {
            return Collections.nCopies(Math.min(missing, BURST), (Action) new CreatePod(reason)).stream();
        }
        return DeletionOrder.of(counted).stream()
                .limit(Math.min(-missing, BURST))
                .map(pod -> new DeletePod(pod.name(), pod.uid(), reason));
    }
}
