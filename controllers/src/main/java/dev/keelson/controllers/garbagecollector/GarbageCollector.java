package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.garbagecollector.ObjectGraph.Watched;
import dev.keelson.controllers.garbagecollector.OwnedView.Owner;
import dev.keelson.controllers.garbagecollector.OwnedView.OwnerState;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.runtime.Controller;
import dev.keelson.controllers.runtime.ControllerContext;
import dev.keelson.controllers.runtime.Outcome;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.ResourceHandler;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Deletes what nobody owns any more and carries out foreground and orphaning deletions, of objects of every kind (as
 * Kubernetes' {@code pkg/controller/garbagecollector}).
 */
public final class GarbageCollector implements Controller<ObjectId> {
    /** A foreground or orphaning deletion waits for others; should an event be missed, it is looked at again. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    /** An object that changed since it was judged comes again with that change; this is for when it does not. */
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(200);

    private final ControllerContext context;
    private final ObjectGraph graph;
    private final LiveObjects live;
    private final GarbageExecutor executor;
    private final InformerCache<GenericKubernetesResource> definitions;

    public GarbageCollector(ControllerContext context) {
        this.context = context;
        this.definitions = context.informers().cache(CustomResources.DEFINITIONS);
        this.graph = new ObjectGraph(context.informers());
        this.live = new LiveObjects(context.client(), graph);
        this.executor = new GarbageExecutor(context.client(), graph);
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
                CustomResources.typeOf(definition)
                        .ifPresent(type -> watch(graph.add(type, CustomResources.versions(definition)), enqueue));
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
                if (!CustomResources.typeOf(before).equals(CustomResources.typeOf(after))
                        || !CustomResources.versions(before).equals(CustomResources.versions(after))) {
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

    private <T extends HasMetadata> void watch(Watched<T> type, Consumer<ObjectId> enqueue) {
        type.cache().addHandler(new ResourceHandler<>() {
            @Override
            public void onAdd(T object) {
                if (concerns(object)) {
                    enqueue.accept(type.id(object));
                }
            }

            @Override
            public void onUpdate(T before, T after) {
                if (!Deletion.sameGrounds(before, after)) {
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
        return !Owners.references(object).isEmpty() || waits(object);
    }

    private static boolean waits(HasMetadata object) {
        return Deletion.inForeground(object) || Deletion.orphaning(object);
    }

    private void wakeDependents(HasMetadata owner, Consumer<ObjectId> enqueue) {
        graph.dependents(owner.getMetadata().getUid()).forEach(dependent -> enqueue.accept(dependent.id()));
    }

    private void wakeOwners(HasMetadata object, Consumer<ObjectId> enqueue) {
        graph.owners(object)
                .filter(owner -> Deletion.began(owner.object()))
                .forEach(owner -> enqueue.accept(owner.id()));
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
        reportStrangeOwners(type.type(), object);
        GarbagePlan plan = GarbagePlanner.plan(observe(object));
        try {
            plan.actions().forEach(action -> executor.execute(type.type(), object, action));
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.CONFLICT) {
                return Outcome.after(AFTER_CONFLICT);
            }
            throw refused;
        }
        return waits(object) || mayMissItsOwner(object) ? Outcome.after(LOOK_AGAIN) : Outcome.DONE;
    }

    /** While not all kinds are watched yet, an owner can go without an event: nobody would wake its dependents. */
    private boolean mayMissItsOwner(HasMetadata object) {
        return !graph.complete()
                && Owners.references(object).stream()
                        .anyMatch(reference -> graph.owner(object, reference).isEmpty());
    }

    private OwnedView observe(HasMetadata object) {
        List<Owner> owners = Deletion.began(object)
                ? List.of()
                : Owners.references(object).stream()
                        .map(reference -> new Owner(reference.getUid(), state(object, reference)))
                        .toList();
        return new OwnedView(Deletion.began(object), Deletion.finalizers(object), owners, dependents(object));
    }

    private OwnerState state(HasMetadata object, OwnerReference reference) {
        Optional<HasMetadata> known = graph.owner(object, reference);
        if (known.isPresent()) {
            return Deletion.inForeground(known.get()) ? OwnerState.DELETING_FOREGROUND : OwnerState.ALIVE;
        }
        return live.absent(object, reference) ? OwnerState.ABSENT : OwnerState.ALIVE;
    }

    private List<OwnedView.Dependent> dependents(HasMetadata object) {
        List<OwnedView.Dependent> known = graph.dependents(object.getMetadata().getUid());
        // The last look before dependents would lose their owner to the collector: only the server knows all of them.
        boolean last = known.isEmpty() && (Deletion.orphaning(object) || !graph.complete() && waits(object));
        return last ? live.dependents(object) : known;
    }

    private void reportStrangeOwners(ResourceType<?> type, HasMetadata object) {
        for (OwnerReference reference : Owners.references(object)) {
            if (graph.ownerElsewhere(object, reference)) {
                String namespace = ObjectKey.of(object).namespace();
                String owner = "[%s/%s, namespace: %s, name: %s, uid: %s]"
                        .formatted(
                                reference.getApiVersion(),
                                reference.getKind(),
                                namespace,
                                reference.getName(),
                                reference.getUid());
                context.events()
                        .warning(
                                named(type, object),
                                "OwnerRefInvalidNamespace",
                                "ownerRef %s does not exist in namespace \"%s\"".formatted(owner, namespace));
            }
        }
    }

    /** An object that came as metadata alone does not say itself what it is. */
    private static HasMetadata named(ResourceType<?> type, HasMetadata object) {
        GenericKubernetesResource named = new GenericKubernetesResource();
        named.setApiVersion(type.apiVersion());
        named.setKind(type.kind());
        named.setMetadata(object.getMetadata());
        return named;
    }
}
