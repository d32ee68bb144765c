package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.garbagecollector.GarbagePlan.Action;
import dev.keelson.controllers.garbagecollector.GarbagePlan.Delete;
import dev.keelson.controllers.garbagecollector.GarbagePlan.DeleteDependent;
import dev.keelson.controllers.garbagecollector.GarbagePlan.DropOwners;
import dev.keelson.controllers.garbagecollector.GarbagePlan.OrphanDependent;
import dev.keelson.controllers.garbagecollector.GarbagePlan.RemoveFinalizer;
import dev.keelson.controllers.garbagecollector.ObjectGraph.Watched;
import dev.keelson.controllers.garbagecollector.OwnedView.Owner;
import dev.keelson.controllers.garbagecollector.OwnedView.OwnerState;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Deletes what nobody owns any more and carries out foreground and orphaning deletions. */
public final class GarbageCollector implements Controller<ObjectId> {
    /** A foreground or orphaning deletion waits for others; should an event be missed, it is looked at again. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final ControllerContext context;
    private final ObjectGraph graph;
    private final InformerCache<GenericKubernetesResource> definitions;

    public GarbageCollector(ControllerContext context) {
        this.context = context;
        this.graph = new ObjectGraph(context.informers());
        this.definitions = context.informers().cache(CustomResources.DEFINITIONS);
    }

    @Override
    public String name() {
        return "garbagecollector";
    }

    @Override
    public int workers() {
        return 4;
    }

    @Override
    public void watch(Consumer<ObjectId> enqueue) {
        graph.types().forEach(type -> watch(type, enqueue));
        definitions.addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(GenericKubernetesResource definition) {
                CustomResources.typeOf(definition).ifPresent(type -> follow(type, enqueue));
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
                if (!CustomResources.typeOf(before).equals(CustomResources.typeOf(after))) {
                    onDelete(before);
                    onAdd(after);
                }
            }

            @Override
            public void onDelete(GenericKubernetesResource last) {
                CustomResources.typeOf(last).ifPresent(type -> graph.remove(CustomResources.qualified(type)));
            }
        });
    }

    private <T extends HasMetadata> void follow(ResourceType<T> type, Consumer<ObjectId> enqueue) {
        watch(graph.add(type), enqueue);
    }

    private <T extends HasMetadata> void watch(Watched<T> type, Consumer<ObjectId> enqueue) {
        type.cache().addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(T object) {
                if (concerns(object)) {
                    enqueue.accept(new ObjectId(type.id(), ObjectKey.of(object)));
                }
            }

            @Override
            public void onUpdate(T before, T after) {
                boolean changed = !Owners.references(before).equals(Owners.references(after))
                        || deleting(before) != deleting(after)
                        || !finalizers(before).equals(finalizers(after));
                if (changed) {
                    onAdd(after);
                    wakeOwners(before, enqueue);
                    wakeDependents(after, enqueue);
                }
            }

            @Override
            public void onDelete(T last) {
                wakeDependents(last, enqueue);
                wakeOwners(last, enqueue);
            }
        });
    }

    private static boolean concerns(HasMetadata object) {
        return !Owners.references(object).isEmpty()
                || deleting(object)
                        && (finalizers(object).contains(OwnedView.FOREGROUND)
                                || finalizers(object).contains(OwnedView.ORPHAN));
    }

    private void wakeDependents(HasMetadata owner, Consumer<ObjectId> enqueue) {
        graph.dependents(owner.getMetadata().getUid()).forEach(dependent -> enqueue.accept(dependent.id()));
    }

    private void wakeOwners(HasMetadata object, Consumer<ObjectId> enqueue) {
        graph.forOwners(object, (type, owner) -> {
            if (deleting(owner)) {
                enqueue.accept(new ObjectId(type.id(), ObjectKey.of(owner)));
            }
        });
    }

    private static boolean deleting(HasMetadata object) {
        return object.getMetadata().getDeletionTimestamp() != null;
    }

    private static Set<String> finalizers(HasMetadata object) {
        List<String> finalizers = object.getMetadata().getFinalizers();
        return finalizers == null ? Set.of() : Set.copyOf(finalizers);
    }

    @Override
    public Outcome reconcile(ObjectId id) {
        return graph.type(id.plural()).map(type -> reconcile(id, type)).orElse(Outcome.DONE);
    }

    private <T extends HasMetadata> Outcome reconcile(ObjectId id, Watched<T> type) {
        Optional<T> found = type.get(id.key());
        if (found.isEmpty()) {
            return Outcome.DONE;
        }
        T object = found.get();
        GarbagePlan plan = GarbagePlanner.plan(observe(object));
        plan.actions().forEach(action -> execute(type.type(), object, action));
        return deleting(object) && concerns(object) ? Outcome.after(LOOK_AGAIN) : Outcome.DONE;
    }

    private OwnedView observe(HasMetadata object) {
        String uid = object.getMetadata().getUid();
        boolean alone = deleting(object);
        List<Owner> owners = alone
                ? List.of()
                : Owners.references(object).stream()
                        .map(owner -> owner(object, owner))
                        .toList();
        List<OwnedView.Dependent> dependents = graph.dependents(uid);
        if (alone && dependents.isEmpty() && finalizers(object).contains(OwnedView.ORPHAN)) {
            // The last look before dependents would lose their owner to the collector: only the server knows all of
            // them.
            dependents = liveDependents(uid);
        }
        return new OwnedView(deleting(object), finalizers(object), owners, dependents);
    }

    private Owner owner(HasMetadata object, OwnerReference reference) {
        boolean blocks = Boolean.TRUE.equals(reference.getBlockOwnerDeletion());
        Optional<HasMetadata> known = graph.byUid(reference.getUid());
        if (known.isPresent()) {
            boolean foreground =
                    deleting(known.get()) && finalizers(known.get()).contains(OwnedView.FOREGROUND);
            return new Owner(
                    reference.getUid(), foreground ? OwnerState.DELETING_FOREGROUND : OwnerState.ALIVE, blocks);
        }
        return new Owner(reference.getUid(), absentAtServer(object, reference), blocks);
    }

    /** Caches lag, and a wrong "absent" deletes somebody's data: the server is asked before. */
    private OwnerState absentAtServer(HasMetadata object, OwnerReference reference) {
        Optional<ResourceType<?>> type = graph.typeOf(reference);
        if (type.isEmpty()) {
            return OwnerState.ALIVE; // a kind that this collector does not know is not its to judge
        }
        // A namespaced owner of a namespaced object is in the same namespace (KEP-2336).
        String namespace = type.get().namespaced()
                ? Objects.requireNonNullElse(object.getMetadata().getNamespace(), "")
                : "";
        try {
            HasMetadata live = context.client().get(type.get(), namespace, reference.getName());
            boolean same = live.getMetadata().getUid().equals(reference.getUid());
            return same ? OwnerState.ALIVE : OwnerState.ABSENT;
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return OwnerState.ABSENT;
            }
            throw refused;
        }
    }

    private List<OwnedView.Dependent> liveDependents(String uid) {
        List<OwnedView.Dependent> live = new ArrayList<>();
        graph.types().forEach(type -> live.addAll(liveDependents(type, uid)));
        return live;
    }

    private <T extends HasMetadata> List<OwnedView.Dependent> liveDependents(Watched<T> type, String uid) {
        return context.client().list(type.type(), "", ListOptions.ALL).items().stream()
                .filter(object -> Owners.uids(object).contains(uid))
                .map(object -> new OwnedView.Dependent(
                        new ObjectId(type.id(), ObjectKey.of(object)),
                        object.getMetadata().getUid(),
                        deleting(object),
                        false))
                .toList();
    }

    private <T extends HasMetadata> void execute(ResourceType<T> type, T object, Action action) {
        ObjectKey key = ObjectKey.of(object);
        String uid = object.getMetadata().getUid();
        switch (action) {
            case Delete(String propagation, String reason) -> delete(type, key, uid, propagation);
            case DeleteDependent(OwnedView.Dependent dependent, String reason) -> {
                boolean hasOwn = !graph.dependents(dependent.uid()).isEmpty();
                graph.type(dependent.id().plural())
                        .ifPresent(dependents -> delete(
                                dependents.type(),
                                dependent.id().key(),
                                dependent.uid(),
                                hasOwn ? "Foreground" : "Background"));
            }
            case DropOwners(Set<String> lost, String reason) -> dropOwners(type, key, uid, lost);
            case OrphanDependent(OwnedView.Dependent dependent, String reason) ->
                graph.type(dependent.id().plural())
                        .ifPresent(dependents ->
                                dropOwners(dependents.type(), dependent.id().key(), dependent.uid(), Set.of(uid)));
            case RemoveFinalizer(String finalizer, String reason) ->
                change(type, key, uid, live -> {
                    live.getMetadata()
                            .setFinalizers(live.getMetadata().getFinalizers().stream()
                                    .filter(one -> !one.equals(finalizer))
                                    .toList());
                    return live;
                });
        }
    }

    private void delete(ResourceType<?> type, ObjectKey key, String uid, String propagation) {
        try {
            context.client()
                    .delete(type, key.namespace(), key.name(), new DeleteOptions(uid, Optional.empty(), propagation));
        } catch (ApiException refused) {
            if (!isGone(refused)) {
                throw refused;
            }
        }
    }

    private <T extends HasMetadata> void dropOwners(ResourceType<T> type, ObjectKey key, String uid, Set<String> lost) {
        change(type, key, uid, live -> {
            live.getMetadata()
                    .setOwnerReferences(Owners.references(live).stream()
                            .filter(owner -> !lost.contains(owner.getUid()))
                            .toList());
            return live;
        });
    }

    /** Reads the object whole, because caches may hold it without its contents, and writes it back unless it changed meanwhile. */
    private <T extends HasMetadata> void change(
            ResourceType<T> type, ObjectKey key, String uid, UnaryOperator<T> change) {
        try {
            T live = context.client().get(type, key.namespace(), key.name());
            if (live.getMetadata().getUid().equals(uid)) {
                context.client().update(type, change.apply(live));
            }
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND) {
                throw refused;
            }
        }
    }

    private static boolean isGone(ApiException refused) {
        return refused.kind() == ApiException.Kind.NOT_FOUND || refused.kind() == ApiException.Kind.CONFLICT;
    }
}
