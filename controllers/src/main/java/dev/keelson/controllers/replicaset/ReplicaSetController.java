package dev.keelson.controllers.replicaset;

import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.objects.Pods;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.Adopt;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.CreatePod;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.DeletePod;
import dev.keelson.controllers.replicaset.ReplicaSetPlan.Release;
import dev.keelson.controllers.replicaset.ReplicaSetStatus.Failure;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Fanout;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.controllers.runtime.WriteGuard;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import dev.keelson.crds.model.Selectors;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Keeps as many pods of a template as a ReplicaSet says. */
public final class ReplicaSetController implements Controller<ObjectKey> {
    /** How soon to look again for our own writes, should no event announce them. */
    private static final Duration CATCH_UP = Duration.ofMillis(500);

    private final ControllerContext context;
    private final InformerCache<ReplicaSet> sets;
    private final InformerCache<Pod> pods;
    private final InformerCache<Namespace> namespaces;
    private final WriteGuard<ObjectKey> guard = new WriteGuard<>();

    public ReplicaSetController(ControllerContext context) {
        this.context = context;
        this.sets = context.informers().cache(ResourceType.REPLICA_SETS);
        this.pods = context.informers().cache(ResourceType.PODS);
        this.namespaces = context.informers().cache(ResourceType.NAMESPACES);
        pods.addIndex(Owners.BY_OWNER, Owners::uids);
    }

    @Override
    public String name() {
        return "replicaset";
    }

    @Override
    public int workers() {
        return 4;
    }

    @Override
    public void watch(Consumer<ObjectKey> enqueue) {
        sets.addHandler(ResourceHandler.each(set -> enqueue.accept(ObjectKey.of(set))));
        pods.addHandler(ResourceHandler.each(pod -> interested(pod).forEach(enqueue)));
    }

    /** The controlling ReplicaSet, or for an orphan everyone who might adopt it. */
    private Stream<ObjectKey> interested(Pod pod) {
        String namespace = pod.getMetadata().getNamespace();
        return Owners.controller(pod)
                .map(owner -> owner.getKind().equals("ReplicaSet")
                        ? Stream.of(new ObjectKey(namespace, owner.getName()))
                        : Stream.<ObjectKey>empty())
                .orElseGet(() -> sets.inNamespace(namespace).stream()
                        .filter(set -> Selectors.of(set.getSpec().getSelector()).test(Pods.labels(pod)))
                        .map(ObjectKey::of));
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!guard.caughtUp(key)) {
            return Outcome.after(CATCH_UP);
        }
        return sets.get(key.namespace(), key.name())
                .map(set -> reconcile(key, set))
                .orElse(Outcome.DONE);
    }

    private Outcome reconcile(ObjectKey key, ReplicaSet set) {
        List<PodView> views = observe(set);
        boolean deleting = set.getMetadata().getDeletionTimestamp() != null || namespaceTerminating(key);
        int replicas = Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
        ReplicaSetPlan plan = ReplicaSetPlanner.plan(replicas, deleting, views);
        Effects effects = execute(key, set, plan);

        List<PodView> after = effects.applyTo(views);
        Instant now = context.clock().instant();
        writeStatus(key, set, after, effects.failure(), now);
        effects.error().ifPresent(error -> {
            throw error;
        });
        return Outcome.after(ReplicaSetStatus.untilNextAvailable(set, after, now));
    }

    /** The server refuses new objects there, and everything present is being deleted anyway. */
    private boolean namespaceTerminating(ObjectKey key) {
        return namespaces
                .get("", key.namespace())
                .filter(namespace -> namespace.getMetadata().getDeletionTimestamp() != null)
                .isPresent();
    }

    private List<PodView> observe(ReplicaSet set) {
        Predicate<Map<String, String>> selector = Selectors.of(set.getSpec().getSelector());
        Predicate<Map<String, String>> template = Selectors.allOf(templateLabels(set));
        String uid = set.getMetadata().getUid();
        Stream<Pod> owned = pods.byIndex(Owners.BY_OWNER, uid).stream();
        Stream<Pod> orphans = pods.inNamespace(set.getMetadata().getNamespace()).stream()
                .filter(pod -> Owners.controller(pod).isEmpty());
        return Stream.concat(owned, orphans)
                .map(pod -> PodView.of(pod, uid, selector.test(Pods.labels(pod)), template.test(Pods.labels(pod))))
                .filter(view -> view.owner() == PodView.Owner.OURS || view.matches())
                .toList();
    }

    private static Map<String, String> templateLabels(ReplicaSet set) {
        ObjectMeta template = set.getSpec().getTemplate().getMetadata();
        return template == null || template.getLabels() == null ? Map.of() : template.getLabels();
    }

    /** What a plan's execution changed, for the status. */
    private record Effects(Set<String> gone, Optional<Failure> failure, Optional<RuntimeException> error) {

        /** Pods just created are counted when the cache shows them; pods just deleted no longer count. */
        List<PodView> applyTo(List<PodView> before) {
            return before.stream().filter(pod -> !gone.contains(pod.uid())).toList();
        }
    }

    private Effects execute(ObjectKey key, ReplicaSet set, ReplicaSetPlan plan) {
        plan.of(Adopt.class).forEach(adopt -> adopt(key, set, adopt));
        plan.of(Release.class).forEach(release -> release(key, set, release));

        List<CreatePod> creations = plan.of(CreatePod.class);
        Fanout.Results<Pod> created = context.fanout()
                .slowStart(creations.stream()
                        .<Callable<Pod>>map(unused -> () -> create(key, set))
                        .toList());
        Fanout.Results<String> deleted = context.fanout()
                .run(plan.of(DeletePod.class).stream()
                        .<Callable<String>>map(delete -> () -> delete(key, set, delete))
                        .toList());
        Optional<Failure> failure = created.failure()
                .map(error -> new Failure("FailedCreate", error.getMessage()))
                .or(() -> deleted.failure().map(error -> new Failure("FailedDelete", error.getMessage())));
        failure.ifPresent(one -> context.events().warning(set, one.reason(), "Error: " + one.message()));
        Optional<RuntimeException> error = created.failure().or(deleted::failure);
        error.filter(ReplicaSetController::mayHaveHappened).ifPresent(unused -> doubt(key, set));
        return new Effects(new HashSet<>(deleted.answers()), failure, error);
    }

    private static boolean mayHaveHappened(RuntimeException error) {
        return !(error instanceof ApiException refused)
                || refused.kind() == ApiException.Kind.TRANSIENT
                || refused.kind() == ApiException.Kind.INTERNAL;
    }

    private void doubt(ObjectKey key, ReplicaSet set) {
        guard.doubt(
                key,
                pods,
                () -> context.client().list(ResourceType.PODS, key.namespace(), ListOptions.ALL).items().stream()
                        .filter(pod ->
                                Owners.isControlledBy(pod, set.getMetadata().getUid()))
                        .toList());
    }

    private Pod create(ObjectKey key, ReplicaSet set) {
        ObjectMeta template =
                Objects.requireNonNullElse(set.getSpec().getTemplate().getMetadata(), new ObjectMeta());
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace(key.namespace())
                .withGenerateName(key.name() + "-")
                .withLabels(template.getLabels())
                .withAnnotations(template.getAnnotations())
                .withFinalizers(template.getFinalizers())
                .withOwnerReferences(Owners.controllerReference(set))
                .endMetadata()
                .withSpec(set.getSpec().getTemplate().getSpec())
                .build();
        Pod created = guard.wrote(key, pods, context.client().create(ResourceType.PODS, pod));
        context.events()
                .normal(
                        set,
                        "SuccessfulCreate",
                        "Created pod: " + created.getMetadata().getName());
        return created;
    }

    private String delete(ObjectKey key, ReplicaSet set, DeletePod delete) {
        try {
            context.client()
                    .delete(
                            ResourceType.PODS,
                            key.namespace(),
                            delete.pod(),
                            DeleteOptions.BACKGROUND.withUid(delete.uid()));
            context.events().normal(set, "SuccessfulDelete", "Deleted pod: " + delete.pod());
        } catch (ApiException refused) {
            if (!gone(refused)) {
                throw refused;
            }
        }
        pods.get(key.namespace(), delete.pod()).ifPresent(pod -> guard.deleted(key, pods, pod));
        return delete.uid();
    }

    /** A pod of another uid under the name is not ours any more: the one we meant is gone. */
    private static boolean gone(ApiException refused) {
        return refused.kind() == ApiException.Kind.NOT_FOUND || refused.kind() == ApiException.Kind.CONFLICT;
    }

    private void adopt(ObjectKey key, ReplicaSet set, Adopt adopt) {
        // The cache may show a ReplicaSet that is already being deleted: a pod adopted then would be collected with it.
        ReplicaSet live = context.client().get(ResourceType.REPLICA_SETS, key.namespace(), key.name());
        boolean same = live.getMetadata().getUid().equals(set.getMetadata().getUid());
        if (same && live.getMetadata().getDeletionTimestamp() == null) {
            changeOwners(key, adopt.pod(), adopt.uid(), pod -> Owners.with(pod, set));
        }
    }

    private void release(ObjectKey key, ReplicaSet set, Release release) {
        changeOwners(
                key,
                release.pod(),
                release.uid(),
                pod -> Owners.without(pod, set.getMetadata().getUid()));
    }

    private void changeOwners(ObjectKey key, String name, String uid, Function<Pod, List<OwnerReference>> owners) {
        pods.get(key.namespace(), name)
                .filter(pod -> pod.getMetadata().getUid().equals(uid))
                .ifPresent(pod -> guard.wrote(
                        key,
                        pods,
                        context.client()
                                .update(
                                        ResourceType.PODS,
                                        new PodBuilder(pod)
                                                .editMetadata()
                                                .withOwnerReferences(owners.apply(pod))
                                                .endMetadata()
                                                .build())));
    }

    private void writeStatus(
            ObjectKey key, ReplicaSet set, List<PodView> after, Optional<Failure> failure, Instant now) {
        var status = ReplicaSetStatus.of(set, after, failure, now);
        if (!status.equals(set.getStatus())) {
            ReplicaSet changed = new ReplicaSetBuilder(set).withStatus(status).build();
            guard.wrote(key, sets, context.client().updateStatus(ResourceType.REPLICA_SETS, changed));
        }
    }
}
