package dev.keelson.controllers.deployment;

import dev.keelson.controllers.deployment.DeploymentPlan.Action;
import dev.keelson.controllers.deployment.DeploymentPlan.Create;
import dev.keelson.controllers.deployment.DeploymentPlan.Delete;
import dev.keelson.controllers.deployment.DeploymentPlan.SetRevision;
import dev.keelson.controllers.deployment.DeploymentPlan.Update;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides the sizes and revisions of a Deployment's ReplicaSets. Equal inputs give equal plans. */
final class DeploymentPlanner {

    /**
     * The world that one plan is made for.
     *
     * @param sets the Deployment's ReplicaSets, in any order
     * @param oldPodsLeft whether a pod of an old template may still run, stopping ones included
     */
    record World(DeploymentView deployment, List<ReplicaSetView> sets, boolean oldPodsLeft) {
        World {
            sets = sets.stream().sorted(ReplicaSetView.OLDEST_FIRST).toList();
        }

        /** The ReplicaSet of the current template: of several (a collision of the past) always the oldest. */
        Optional<ReplicaSetView> newest() {
            return sets.stream().filter(set -> set.current() && !set.deleting()).findFirst();
        }

        List<ReplicaSetView> old() {
            return sets.stream()
                    .filter(set -> !newest().equals(Optional.of(set)))
                    .toList();
        }

        long nextRevision() {
            return old().stream().mapToLong(ReplicaSetView::revision).max().orElse(0) + 1;
        }

        /** Whether somebody changed the Deployment's size since its ReplicaSets were scaled last. */
        boolean resized() {
            return sets.stream()
                    .filter(set -> set.spec() > 0 && !set.deleting())
                    .anyMatch(set -> set.desired()
                            .filter(desired -> desired != deployment.replicas())
                            .isPresent());
        }
    }

    private DeploymentPlanner() {}

    static DeploymentPlan plan(World world) {
        if (world.deployment().deleting()) {
            return new DeploymentPlan(List.of());
        }
        Map<String, Integer> sizes = sizes(world);
        List<Action> actions = new ArrayList<>();
        growingFirst(world, sizes).forEach(actions::add);
        revision(world).ifPresent(actions::add);
        expired(world).forEach(actions::add);
        return new DeploymentPlan(actions);
    }

    private static Map<String, Integer> sizes(World world) {
        if (world.deployment().paused() || world.resized()) {
            return resize(world);
        }
        return switch (world.deployment().strategy()) {
            case DeploymentView.Recreate() -> recreate(world);
            case DeploymentView.Rolling rolling -> roll(world);
        };
    }

    /** A new size without a rollout step: to the only ReplicaSet, or in proportion to several. */
    private static Map<String, Integer> resize(World world) {
        List<ReplicaSetView> active = world.sets().stream()
                .filter(set -> set.spec() > 0 && !set.deleting())
                .toList();
        int replicas = world.deployment().replicas();
        if (active.size() <= 1) {
            return active.stream()
                    .findFirst()
                    .or(world::newest)
                    .map(only -> Map.of(only.name(), replicas))
                    .orElse(Map.of());
        }
        boolean rolledOut = world.newest()
                .filter(set -> set.spec() == replicas && set.available() == replicas)
                .isPresent();
        if (rolledOut || world.deployment().strategy() instanceof DeploymentView.Recreate) {
            Map<String, Integer> sizes = new HashMap<>();
            world.old().forEach(set -> sizes.put(set.name(), 0));
            return sizes;
        }
        return ProportionalScaling.sizes(world.deployment(), active);
    }

    private static Map<String, Integer> recreate(World world) {
        Map<String, Integer> sizes = new HashMap<>();
        world.old().forEach(set -> sizes.put(set.name(), 0));
        boolean oldGone = !world.oldPodsLeft() && world.old().stream().allMatch(set -> set.total() == 0);
        newName(world)
                .ifPresent(name -> sizes.put(
                        name,
                        oldGone
                                ? world.deployment().replicas()
                                : world.newest().map(ReplicaSetView::spec).orElse(0)));
        return sizes;
    }

    private static Map<String, Integer> roll(World world) {
        DeploymentView deployment = world.deployment();
        Map<String, Integer> sizes = new HashMap<>(RollingUpdate.shrink(deployment, world.newest(), world.old()));
        int present = world.newest().map(ReplicaSetView::spec).orElse(0);
        newName(world).ifPresent(name -> sizes.put(name, RollingUpdate.newSize(deployment, present, world.sets())));
        return sizes;
    }

    /** The existing ReplicaSet of the current template, or the name that it is about to get. */
    private static Optional<String> newName(World world) {
        return world.newest()
                .map(ReplicaSetView::name)
                .or(() -> Optional.of(world.deployment().newName()));
    }

    private static Stream<Action> growingFirst(World world, Map<String, Integer> sizes) {
        Optional<Action> creation =
                world.newest().isPresent() || world.deployment().paused()
                        ? Optional.empty()
                        : Optional.of(new Create(
                                world.deployment().newName(),
                                sizes.getOrDefault(world.deployment().newName(), 0),
                                world.nextRevision(),
                                "no ReplicaSet has the current template"));
        Stream<Action> updates = world.sets().stream()
                .filter(set -> !set.deleting())
                .sorted(Comparator.comparing(set -> !isNewest(world, set)))
                .flatMap(set -> update(world, set, sizes.getOrDefault(set.name(), set.spec())).stream());
        return Stream.concat(creation.stream(), updates);
    }

    private static boolean isNewest(World world, ReplicaSetView set) {
        return world.newest().equals(Optional.of(set));
    }

    private static Optional<Action> update(World world, ReplicaSetView set, int size) {
        boolean newest = isNewest(world, set);
        long revision = newest && !world.deployment().paused()
                ? Math.max(set.revision(), world.nextRevision())
                : set.revision();
        boolean sized = size == set.spec();
        // Size annotations matter where there are pods; on empty old ones they would only cost writes.
        boolean annotated = size == 0 && !newest
                || set.desired().equals(Optional.of(world.deployment().replicas()))
                        && set.max().equals(Optional.of(world.deployment().maxTotal()));
        if (sized && annotated && revision == set.revision()) {
            return Optional.empty();
        }
        String reason = "from %d to %d, deployment wants %d"
                .formatted(set.spec(), size, world.deployment().replicas());
        return Optional.of(new Update(set.name(), size, revision, reason));
    }

    private static Optional<Action> revision(World world) {
        if (world.deployment().paused()) {
            return Optional.empty();
        }
        long revision = Math.max(world.newest().map(ReplicaSetView::revision).orElse(0L), world.nextRevision());
        return revision == world.deployment().revision()
                ? Optional.empty()
                : Optional.of(new SetRevision(revision, "revision of the current template"));
    }

    /** Old, empty, settled ReplicaSets beyond the history limit, lowest revision first, once the rollout is done. */
    private static Stream<Action> expired(World world) {
        boolean rolledOut = world.newest()
                .filter(set ->
                        set.observed() && set.available() >= world.deployment().replicas())
                .isPresent();
        if (!rolledOut) {
            return Stream.empty();
        }
        List<ReplicaSetView> empty = world.old().stream()
                .filter(set -> set.observed() && set.spec() == 0 && set.actual() == 0 && !set.deleting())
                .sorted(Comparator.comparingLong(ReplicaSetView::revision).thenComparing(ReplicaSetView.OLDEST_FIRST))
                .toList();
        return empty.stream()
                .limit(Math.max(0, empty.size() - world.deployment().historyLimit()))
                .map(set -> new Delete(set.name(), set.uid(), "beyond the revision history limit"));
    }
}
