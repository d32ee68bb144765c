package dev.keelson.controllers.replicaset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.replicaset.PodView.Owner;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.Adopt;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.CreatePod;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.DeletePod;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ReplicaSetPlannerTest {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    @Test
    void missingPodsAreCreated() {
        assertThat(plan(3, pod("a")).of(CreatePod.class)).hasSize(2);
    }

    @Test
    void terminatingAndEndedPodsAreReplaced() {
        PodView leaving = sketch("a").terminating().view();
        PodView ended = sketch("b").ended().view();

        assertThat(plan(2, leaving, ended).of(CreatePod.class)).hasSize(2);
    }

    @Test
    void scaleDownDeletesUnscheduledThenPendingThenUnreadyFirst() {
        PodView unscheduled = sketch("d").starting("").view();
        PodView pending = sketch("c").starting("n1").view();
        PodView unready = sketch("b").unready().view();
        PodView ready = pod("a");

        assertThat(deleted(plan(1, ready, unready, pending, unscheduled))).containsExactly("d", "c", "b");
    }

    @Test
    void deletionCostOutranksAge() {
        PodView cheapButOld = sketch("a").cost(-5).view();
        PodView young = sketch("b").created(START.plusSeconds(99)).view();

        assertThat(deleted(plan(1, cheapButOld, young))).containsExactly("a");
    }

    @Test
    void crowdedNodeLosesAReplicaFirst() {
        PodView alone = sketch("a").node("n1").view();
        PodView together = sketch("b").node("n2").view();
        PodView alsoTogether = sketch("c").node("n2").view();

        assertThat(deleted(plan(2, alone, together, alsoTogether))).containsExactly("b");
    }

    @Test
    void orphansAreAdoptedAndCounted() {
        PodView orphan = sketch("a").owner(Owner.NOBODY).view();

        ReplicaSetPlan plan = plan(1, orphan);

        assertThat(plan.of(Adopt.class)).extracting(Adopt::pod).containsExactly("a");
        assertThat(plan.of(CreatePod.class)).isEmpty();
    }

    @Test
    void relabelledPodIsReleasedAndReplaced() {
        PodView relabelled = sketch("a").unmatched().view();

        ReplicaSetPlan plan = plan(1, relabelled);

        assertThat(plan.of(Release.class)).extracting(Release::pod).containsExactly("a");
        assertThat(plan.of(CreatePod.class)).hasSize(1);
    }

    @Test
    void podsOfOthersAreLeftAlone() {
        PodView foreign = sketch("a").owner(Owner.OTHER).view();

        assertThat(plan(0, foreign).actions()).isEmpty();
    }

    @Test
    void deletedReplicaSetDoesNothing() {
        assertThat(ReplicaSetPlanner.plan(3, true, List.of(pod("a"))).actions()).isEmpty();
    }

    @Property
    void planDoesNotDependOnTheOrderOfItsInput(@ForAll Random random, @ForAll @IntRange(max = 8) int replicas) {
        List<PodView> pods = randomPods(random);
        List<PodView> shuffled = new ArrayList<>(pods);
        Collections.shuffle(shuffled, random);

        assertThat(ReplicaSetPlanner.plan(replicas, false, shuffled).of(DeletePod.class))
                .isEqualTo(ReplicaSetPlanner.plan(replicas, false, pods).of(DeletePod.class));
    }

    @Property
    void planAndApplySettlesAtOnce(@ForAll Random random, @ForAll @IntRange(max = 8) int replicas) {
        List<PodView> pods = randomPods(random);

        List<PodView> after = apply(ReplicaSetPlanner.plan(replicas, false, pods), pods);

        assertThat(after.stream().filter(PodView::counts)).hasSize(replicas);
        assertThat(ReplicaSetPlanner.plan(replicas, false, after).actions()).isEmpty();
    }

    @Property
    void noReadyPodGoesWhileAnUnreadyOneStays(@ForAll Random random, @ForAll @IntRange(max = 8) int replicas) {
        List<PodView> pods = randomPods(random);
        List<String> gone = deleted(ReplicaSetPlanner.plan(replicas, false, pods));
        List<PodView> live = apply(ReplicaSetPlanner.plan(99, false, pods), pods).stream()
                .filter(PodView::counts)
                .toList();

        boolean readyGone = live.stream().anyMatch(pod -> gone.contains(pod.name()) && pod.ready());
        boolean startingStays = live.stream()
                .filter(pod -> pods.stream().anyMatch(known -> known.uid().equals(pod.uid())))
                .anyMatch(pod -> !gone.contains(pod.name()) && pod.node().isEmpty());
        assertThat(readyGone && startingStays && !gone.isEmpty()).isFalse();
    }

    private static List<PodView> apply(ReplicaSetPlan plan, List<PodView> before) {
        List<PodView> after = new ArrayList<>(before);
        plan.of(DeletePod.class).forEach(gone -> after.removeIf(pod -> pod.uid().equals(gone.uid())));
        plan.of(Release.class).forEach(gone -> after.removeIf(pod -> pod.uid().equals(gone.uid())));
        plan.of(Adopt.class)
                .forEach(adopted -> after.replaceAll(pod -> pod.uid().equals(adopted.uid())
                        ? PodSketch.of(pod).owner(Owner.OURS).view()
                        : pod));
        int created = 0;
        for (CreatePod unused : plan.of(CreatePod.class)) {
            after.add(sketch("new-" + created++).starting("").view());
        }
        return after;
    }

    private static List<PodView> randomPods(Random random) {
        List<PodView> pods = new ArrayList<>();
        for (int i = random.nextInt(10); i > 0; i--) {
            PodSketch pod = sketch("pod-" + i).created(START.plusSeconds(random.nextInt(5)));
            switch (random.nextInt(10)) {
                case 0, 1 -> pod.terminating();
                case 2 -> pod.unready();
                case 3 -> pod.starting("");
                case 4 -> pod.ended();
                case 5 -> pod.unmatched();
                case 6 -> pod.owner(Owner.NOBODY);
                default -> {}
            }
            pods.add(pod.view());
        }
        return pods;
    }

    private static ReplicaSetPlan plan(int replicas, PodView... pods) {
        return ReplicaSetPlanner.plan(replicas, false, List.of(pods));
    }

    private static List<String> deleted(ReplicaSetPlan plan) {
        return plan.of(DeletePod.class).stream().map(DeletePod::pod).toList();
    }

    private static PodView pod(String name) {
        return sketch(name).view();
    }

    private static PodSketch sketch(String name) {
        return new PodSketch(name, START);
    }
}
