package dev.keelson.controllers.deployment;

import static dev.keelson.controllers.deployment.SetSketch.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keelson.controllers.deployment.DeploymentPlan.Action;
import dev.keelson.controllers.deployment.DeploymentPlan.Create;
import dev.keelson.controllers.deployment.DeploymentPlan.Delete;
import dev.keelson.controllers.deployment.DeploymentPlan.SetRevision;
import dev.keelson.controllers.deployment.DeploymentPlan.Update;
import dev.keelson.controllers.deployment.DeploymentPlanner.World;
import dev.keelson.controllers.deployment.DeploymentView.Recreate;
import dev.keelson.controllers.deployment.DeploymentView.Rolling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class DeploymentPlannerTest {

    @Test
    void firstReplicaSetIsCreatedWhole() {
        assertThat(plan(rolling(3, 1, 0)))
                .containsExactly(
                        new Create("new", 3, 1, "no ReplicaSet has the current template"),
                        new SetRevision(1, "revision of the current template"));
    }

    @Test
    void newReplicaSetStartsWithinTheSurge() {
        List<Action> plan = plan(rolling(4, 1, 0), set("old", 4).revision(1));

        assertThat(created(plan)).isEqualTo(1);
        assertThat(sizes(plan)).isEmpty();
    }

    @Test
    void oldPodGoesWhenANewOneIsAvailable() {
        assertThat(sizes(plan(
                        rolling(4, 1, 0),
                        set("old", 4).revision(1),
                        set("now", 1).current().revision(2))))
                .containsEntry("old", 3)
                .doesNotContainKey("now");
    }

    @Test
    void unavailableNewPodHoldsTheOldOnes() {
        assertThat(sizes(plan(
                        rolling(4, 1, 0),
                        set("old", 4).revision(1).scaledFor(4, 5),
                        set("now", 1).current().available(0).revision(2).scaledFor(4, 5))))
                .isEmpty();
    }

    @Test
    void maxUnavailableLetsOldPodsGoFirst() {
        assertThat(sizes(plan(rolling(4, 0, 2), set("old", 4).revision(1)))).containsEntry("old", 2);
    }

    @Test
    void unavailableOldPodsGoFirst() {
        Map<String, Integer> sizes = sizes(plan(
                rolling(4, 1, 1),
                set("older", 2).available(0).revision(1),
                set("old", 3).revision(2),
                set("now", 0).current().revision(3)));

        assertThat(sizes).containsEntry("older", 0).doesNotContainKey("old");
    }

    @Test
    void statusOfAnEarlierSpecCountsForNothing() {
        assertThat(sizes(plan(
                        rolling(3, 1, 0),
                        set("old", 3).revision(1).scaledFor(3, 4),
                        set("now", 1).current().unobserved().revision(2).scaledFor(3, 4))))
                .isEmpty();
    }

    @Test
    void podsBeyondTheSpecTakeUpSurge() {
        assertThat(sizes(plan(
                        rolling(3, 1, 1),
                        set("old", 2).actual(3).revision(1).scaledFor(3, 4),
                        set("now", 1).current().available(0).revision(2).scaledFor(3, 4))))
                .isEmpty();
    }

    @Test
    void recreateWaitsForTheLastOldPod() {
        DeploymentView recreate = new DeploymentView(3, new Recreate(), false, false, 1, 10, "new");

        List<Action> stopping = DeploymentPlanner.plan(
                        new World(recreate, List.of(set("old", 3).revision(1).view()), true))
                .actions();
        List<Action> stopped = DeploymentPlanner.plan(
                        new World(recreate, List.of(set("old", 0).revision(1).view()), false))
                .actions();

        assertThat(created(stopping)).isZero();
        assertThat(sizes(stopping)).containsEntry("old", 0);
        assertThat(created(stopped)).isEqualTo(3);
    }

    @Test
    void pausedRolloutOnlyFollowsTheSize() {
        DeploymentView paused = new DeploymentView(5, new Rolling(1, 0), true, false, 1, 10, "new");

        List<Action> plan = DeploymentPlanner.plan(new World(
                        paused,
                        List.of(set("old", 3).revision(1).scaledFor(3, 4).view()),
                        true))
                .actions();

        assertThat(created(plan)).isEqualTo(-1);
        assertThat(sizes(plan)).containsExactly(Map.entry("old", 5));
    }

    @Test
    void resizeInTheMiddleOfARolloutIsProportional() {
        Map<String, Integer> sizes = sizes(plan(
                rolling(15, 3, 2),
                set("old", 8).revision(1).scaledFor(10, 13),
                set("now", 5).current().revision(2).scaledFor(10, 13)));

        assertThat(sizes).containsEntry("old", 11).containsEntry("now", 7);
    }

    @Test
    void undoGivesTheOldReplicaSetANewRevision() {
        List<Action> plan = plan(
                rolling(2, 1, 0),
                set("back", 0).current().revision(1),
                set("bad", 2).revision(2));

        assertThat(plan)
                .filteredOn(action ->
                        action instanceof Update update && update.name().equals("back"))
                .singleElement()
                .isInstanceOfSatisfying(
                        Update.class, update -> assertThat(update.revision()).isEqualTo(3));
        assertThat(plan).contains(new SetRevision(3, "revision of the current template"));
    }

    @Test
    void historyKeepsTheNewestWithinItsLimit() {
        DeploymentView two = new DeploymentView(1, new Rolling(1, 0), false, false, 5, 2, "new");
        List<ReplicaSetView> sets = Stream.of(
                        set("r1", 0).revision(1),
                        set("r2", 0).revision(2),
                        set("r3", 0).revision(3),
                        set("r4", 0).revision(4),
                        set("r5", 1).current().revision(5).scaledFor(1, 2))
                .map(SetSketch::view)
                .toList();

        assertThat(DeploymentPlanner.plan(new World(two, sets, false)).actions())
                .extracting(action -> ((Delete) action).name())
                .containsExactly("r1", "r2");
    }

    @Property
    void everyStepKeepsTheBoundsAndTheRolloutEnds(
            @ForAll @IntRange(min = 1, max = 12) int replicas,
            @ForAll @IntRange(max = 4) int surge,
            @ForAll @IntRange(max = 4) int unavailable,
            @ForAll Random random) {
        Assume.that(surge + unavailable > 0);
        int spared = Math.min(unavailable, replicas);
        DeploymentView deployment = rolling(replicas, surge, spared);
        int oldSize = replicas;
        int newSize = 0;
        int newAvailable = 0;
        for (int step = 0; step < 200 && (oldSize > 0 || newAvailable < replicas); step++) {
            Map<String, Integer> sizes = sizes(plan(
                    deployment,
                    set("old", oldSize).revision(1).scaledFor(replicas, deployment.maxTotal()),
                    set("now", newSize)
                            .current()
                            .available(newAvailable)
                            .revision(2)
                            .scaledFor(replicas, deployment.maxTotal())));
            oldSize = sizes.getOrDefault("old", oldSize);
            newSize = sizes.getOrDefault("now", newSize);
            assertThat(oldSize + newSize).isLessThanOrEqualTo(replicas + surge);
            assertThat(oldSize + newAvailable).isGreaterThanOrEqualTo(replicas - spared);
            newAvailable += newAvailable < newSize ? random.nextInt(newSize - newAvailable + 1) : 0;
        }
        assertThat(oldSize).isZero();
        assertThat(newAvailable).isEqualTo(replicas);
    }

    @Property
    void planDoesNotDependOnTheOrderOfReplicaSets(@ForAll Random random, @ForAll @IntRange(max = 9) int replicas) {
        List<SetSketch> sets = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(4); i++) {
            sets.add(set("set-" + i, random.nextInt(5)).revision(i).available(random.nextInt(3)));
        }
        if (random.nextBoolean()) {
            sets.getLast().current();
        }
        List<SetSketch> shuffled = new ArrayList<>(sets);
        Collections.shuffle(shuffled, random);

        assertThat(plan(rolling(replicas, 1, 1), shuffled.toArray(SetSketch[]::new)))
                .isEqualTo(plan(rolling(replicas, 1, 1), sets.toArray(SetSketch[]::new)));
    }

    private static DeploymentView rolling(int replicas, int surge, int unavailable) {
        return new DeploymentView(replicas, new Rolling(surge, unavailable), false, false, 0, 10, "new");
    }

    private static List<Action> plan(DeploymentView deployment, SetSketch... sets) {
        return DeploymentPlanner.plan(new World(
                        deployment, Stream.of(sets).map(SetSketch::view).toList(), true))
                .actions();
    }

    /** New sizes that differ from the present ones; updates of annotations alone are left out. */
    private static Map<String, Integer> sizes(List<Action> plan) {
        return plan.stream()
                .filter(Update.class::isInstance)
                .map(Update.class::cast)
                .filter(update ->
                        !update.reason().startsWith("from %d to %d,".formatted(update.replicas(), update.replicas())))
                .collect(Collectors.toMap(Update::name, Update::replicas));
    }

    /** The size of the ReplicaSet that the plan creates, -1 if none. */
    private static int created(List<Action> plan) {
        return plan.stream()
                .filter(Create.class::isInstance)
                .map(action -> ((Create) action).replicas())
                .findFirst()
                .orElse(-1);
    }
}
