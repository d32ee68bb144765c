package dev.keelson.controllers.deployment;

import dev.keelson.controllers.deployment.DeploymentExecutor.HashCollision;
import dev.keelson.controllers.deployment.DeploymentPlanner.World;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.controllers.runtime.WriteGuard;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.crds.model.Selectors;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Rolls the pods of a Deployment from one template to the next through ReplicaSets. */
public final class DeploymentController implements Controller<ObjectKey> {
    private static final Duration CATCH_UP = Duration.ofMillis(500);

    private final ControllerContext context;
    private final InformerCache<Deployment> deployments;
    private final InformerCache<ReplicaSet> sets;
    private final InformerCache<Pod> pods;
    private final WriteGuard<ObjectKey> guard = new WriteGuard<>();
    private final DeploymentExecutor executor;

    public DeploymentController(ControllerContext context) {
        this.context = context;
        this.deployments = context.informers().cache(ResourceType.DEPLOYMENTS);
        this.sets = context.informers().cache(ResourceType.REPLICA_SETS);
        this.pods = context.informers().cache(ResourceType.PODS);
        sets.addIndex(Owners.BY_OWNER, Owners::uids);
        pods.addIndex(Owners.BY_OWNER, Owners::uids);
        this.executor = new DeploymentExecutor(context, deployments, sets, guard);
    }

    @Override
    public String name() {
        return "deployment";
    }

    @Override
    public int workers() {
        return 2;
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        deployments.addHandler(ResourceHandler.each(deployment -> enqueue.accept(ObjectKey.of(deployment))));
        sets.addHandler(ResourceHandler.each(set -> interested(set).forEach(enqueue)));
        pods.addHandler(new ResourceHandler<>() {
            /** The last pod of an old template was what a Recreate waits for. */
            @Override
            public void onDelete(Pod last) {
                Owners.controller(last)
                        .flatMap(owner -> sets.get(last.getMetadata().getNamespace(), owner.getName()))
                        .ifPresent(set -> interested(set).forEach(enqueue));
            }
        });
    }

    private Stream<ObjectKey> interested(ReplicaSet set) {
        String namespace = set.getMetadata().getNamespace();
        return Owners.controller(set)
                .map(owner -> owner.getKind().equals("Deployment")
                        ? Stream.of(new ObjectKey(namespace, owner.getName()))
                        : Stream.<ObjectKey>empty())
                .orElseGet(() -> deployments.inNamespace(namespace).stream()
                        .filter(deployment -> selector(deployment).test(labels(set)))
                        .map(ObjectKey::of));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!guard.caughtUp(key)) {
            return Outcome.after(CATCH_UP);
        }
        return deployments
                .get(key.namespace(), key.name())
                .map(deployment -> reconcile(key, deployment))
                .orElse(Outcome.DONE);
    }

    private Outcome reconcile(ObjectKey key, Deployment deployment) {
        if (changeOwnership(key, deployment)) {
            return Outcome.DONE; // the ownership's events bring the key back with the new picture
        }
        List<ReplicaSet> seen = owned(deployment);
        World world = observe(deployment, seen);
        int collisions = collisions(deployment);
        Deployment current = deployment;
        try {
            current = executor.execute(key, deployment, seen, DeploymentPlanner.plan(world));
        } catch (HashCollision taken) {
            collisions++;
            context.events().warning(deployment, "ReplicaSetNameCollision", taken.getMessage());
        }
        return writeStatus(key, current, world, seen, collisions);
    }

    private Outcome writeStatus(
            ObjectKey key, Deployment deployment, World world, List<ReplicaSet> seen, int collisions) {
        Instant now = context.clock().instant();
        List<ReplicaSet> newestFirst = seen.stream()
                .sorted(Comparator.comparingLong(Annotations::revision).reversed())
                .toList();
        var status =
                DeploymentStatus.of(deployment, world, DeploymentStatus.replicaFailure(newestFirst), collisions, now);
        if (!status.equals(deployment.getStatus())) {
            Deployment changed =
                    new DeploymentBuilder(deployment).withStatus(status).build();
            guard.wrote(key, deployments, context.client().updateStatus(ResourceType.DEPLOYMENTS, changed));
        }
        return Outcome.after(DeploymentStatus.untilDeadline(deployment, status, now));
    }

    private World observe(Deployment deployment, List<ReplicaSet> seen) {
        String name = deployment.getMetadata().getName() + "-"
                + Templates.hash(deployment.getSpec().getTemplate(), collisions(deployment));
        List<ReplicaSetView> views = seen.stream()
                .map(set -> ReplicaSetView.of(
                        set,
                        Templates.same(
                                set.getSpec().getTemplate(),
                                deployment.getSpec().getTemplate())))
                .toList();
        boolean oldPodsLeft = views.stream()
                .filter(set -> !set.current())
                .flatMap(set -> pods.byIndex(Owners.BY_OWNER, set.uid()).stream())
                .anyMatch(pod -> !Pods.ended(pod));
        return new World(DeploymentView.of(deployment, name), views, oldPodsLeft);
    }

    private List<ReplicaSet> owned(Deployment deployment) {
        String uid = deployment.getMetadata().getUid();
        return sets.byIndex(Owners.BY_OWNER, uid).stream()
                .filter(set -> Owners.isControlledBy(set, uid))
                .toList();
    }

    private static int collisions(Deployment deployment) {
        return deployment.getStatus() == null
                ? 0
                : Objects.requireNonNullElse(deployment.getStatus().getCollisionCount(), 0);
    }

    /** Adopts matching orphans, lets go of what no longer matches; whether there was anything of that. */
    private boolean changeOwnership(ObjectKey key, Deployment deployment) {
        if (deployment.getMetadata().getDeletionTimestamp() != null) {
            return false;
        }
        Predicate<Map<String, String>> selector = selector(deployment);
        String uid = deployment.getMetadata().getUid();
        List<ReplicaSet> lost = owned(deployment).stream()
                .filter(set -> !selector.test(labels(set)) && !deleting(set))
                .toList();
        List<ReplicaSet> found = sets.inNamespace(key.namespace()).stream()
                .filter(set -> Owners.controller(set).isEmpty() && selector.test(labels(set)) && !deleting(set))
                .toList();
        lost.forEach(set -> executor.changeOwners(key, set, Owners.without(set, uid)));
        if (!found.isEmpty() && isLive(deployment)) {
            found.forEach(set -> executor.changeOwners(key, set, Owners.with(set, deployment)));
        }
        return !lost.isEmpty() || !found.isEmpty();
    }

    /** The cache may not know yet that the Deployment is going; what it adopts now would be collected with it. */
    private boolean isLive(Deployment deployment) {
        Deployment live = context.client()
                .get(
                        ResourceType.DEPLOYMENTS,
                        deployment.getMetadata().getNamespace(),
                        deployment.getMetadata().getName());
        return live.getMetadata().getUid().equals(deployment.getMetadata().getUid())
                && live.getMetadata().getDeletionTimestamp() == null;
    }

    private static boolean deleting(ReplicaSet set) {
        return set.getMetadata().getDeletionTimestamp() != null;
    }

    private static Predicate<Map<String, String>> selector(Deployment deployment) {
        return Selectors.of(deployment.getSpec().getSelector());
    }

    private static Map<String, String> labels(ReplicaSet set) {
        return Optional.ofNullable(set.getMetadata().getLabels()).orElse(Map.of());
    }
}
