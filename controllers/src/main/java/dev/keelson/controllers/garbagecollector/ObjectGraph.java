package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.garbagecollector.OwnedView.Dependent;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.OtherKinds;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.runtime.Informers;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** All objects of every kind with the edges from owner to dependent, read from the shared caches. */
final class ObjectGraph {
    private static final String BY_UID = "uid";

    private final Informers informers;
    private volatile Map<String, Watched<?>> types = Map.of();

    /**
     * One type with its cache.
     *
     * @param versions all in which the server has its objects
     */
    record Watched<T extends HasMetadata>(ResourceType<T> type, Set<String> versions, InformerCache<T> cache) {
        Optional<T> get(ObjectKey key) {
            return cache.get(key.namespace(), key.name());
        }

        /** What the type is called in an {@link ObjectId}. */
        String id() {
            return CustomResources.qualified(type);
        }

        ObjectId id(HasMetadata object) {
            return new ObjectId(id(), ObjectKey.of(object));
        }
    }

    /** An object of one type. */
    record Found(Watched<?> type, HasMetadata object) {
        ObjectId id() {
            return type.id(object);
        }
    }

    ObjectGraph(Informers informers) {
        this.informers = informers;
        // Events expire, and are too many to be watched for what that would collect: Kubernetes leaves them out as
        // well.
        Stream.concat(ResourceType.known().stream(), OtherKinds.all().stream())
                .filter(type -> type != ResourceType.EVENTS)
                .forEach(type -> add(type, versions(type)));
    }

    private static Set<String> versions(ResourceType<?> type) {
        return type.group().equals("autoscaling") ? Set.of("v1", "v2") : Set.of(type.version());
    }

    /** Watches one more type; a type of the same name that was watched before is replaced. */
    <T extends HasMetadata> Watched<T> add(ResourceType<T> type, Set<String> versions) {
        InformerCache<T> cache = informers.cacheLater(type);
        cache.addIndex(Owners.BY_OWNER, Owners::uids);
        cache.addIndex(BY_UID, object -> List.of(object.getMetadata().getUid()));
        Watched<T> watched = new Watched<>(type, Set.copyOf(versions), cache);
        Map<String, Watched<?>> more = new LinkedHashMap<>(types);
        more.put(watched.id(), watched);
        types = Collections.unmodifiableMap(more);
        return watched;
    }

    void remove(String id) {
        Map<String, Watched<?>> fewer = new LinkedHashMap<>(types);
        Watched<?> gone = fewer.remove(id);
        types = Collections.unmodifiableMap(fewer);
        if (gone != null) {
            informers.release(gone.type());
        }
    }

    Collection<Watched<?>> types() {
        return types.values();
    }

    Optional<Watched<?>> type(String id) {
        return Optional.ofNullable(types.get(id));
    }

    /** Whether every type has been listed, so that what is not here did not exist a moment ago. */
    boolean complete() {
        return types.values().stream().allMatch(type -> type.cache().synced());
    }

    /**
     * The type that a reference speaks of; empty for a kind that is not served, or not in the reference's version: nobody
     * can say then that the owner is gone (as Kubernetes' collector, which finds no mapping for such a reference).
     */
    Optional<ResourceType<?>> typeOf(OwnerReference owner) {
        if (speaksOf(owner, ResourceType.EVENTS)) {
            return Optional.<ResourceType<?>>of(ResourceType.EVENTS)
                    .filter(events -> events.apiVersion().equals(owner.getApiVersion()));
        }
        return types.values().stream()
                .filter(watched ->
                        speaksOf(owner, watched.type()) && watched.versions().contains(version(owner.getApiVersion())))
                .<ResourceType<?>>map(Watched::type)
                .findFirst();
    }

    private static boolean speaksOf(OwnerReference owner, ResourceType<?> type) {
        return type.kind().equals(owner.getKind())
                && group(owner.getApiVersion()).equals(type.group());
    }

    /** Versions of one group are views of the same objects. */
    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    private static String version(String apiVersion) {
        return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }

    /** The owner that a reference of {@code object} names: its kind, name and uid, in a place that may own the object. */
    Optional<HasMetadata> owner(HasMetadata object, OwnerReference reference) {
        return byUid(reference.getUid())
                .filter(found -> speaksOf(reference, found.type().type())
                        && reference.getName().equals(found.id().key().name())
                        && mayOwn(found.id().key().namespace(), object))
                .map(Found::object);
    }

    /** Whether an object with this uid is known where it cannot own {@code object}: in another namespace (KEP-2336). */
    boolean ownerElsewhere(HasMetadata object, OwnerReference reference) {
        return byUid(reference.getUid())
                .filter(found -> !mayOwn(found.id().key().namespace(), object))
                .isPresent();
    }

    private static boolean mayOwn(String ownerNamespace, HasMetadata object) {
        return ownerNamespace.isEmpty()
                || ownerNamespace.equals(ObjectKey.of(object).namespace());
    }

    private Optional<Found> byUid(String uid) {
        return allByUid(uid).findFirst();
    }

    private Stream<Found> allByUid(String uid) {
        return types.values().stream()
                .flatMap(type -> type.cache().byIndex(BY_UID, uid).stream().map(object -> new Found(type, object)));
    }

    /** Every owner of an object that is known. */
    Stream<Found> owners(HasMetadata object) {
        return Owners.uids(object).stream().flatMap(this::allByUid);
    }

    /** The objects that name a uid as their owner, without the one that has it. */
    List<Dependent> dependents(String uid) {
        return naming(uid)
                .map(found -> {
                    String own = found.object().getMetadata().getUid();
                    boolean blocks = blocks(found.object(), uid) && !waitsFor(own, uid);
                    return new Dependent(found.id(), own, Deletion.began(found.object()), blocks);
                })
                .toList();
    }

    private Stream<Found> naming(String uid) {
        return types.values().stream()
                .flatMap(type ->
                        type.cache().byIndex(Owners.BY_OWNER, uid).stream().map(object -> new Found(type, object)))
                .filter(found -> !uid.equals(found.object().getMetadata().getUid()));
    }

    static boolean blocks(HasMetadata object, String ownerUid) {
        return Owners.references(object).stream()
                .anyMatch(
                        owner -> owner.getUid().equals(ownerUid) && Boolean.TRUE.equals(owner.getBlockOwnerDeletion()));
    }

    /** Whether the deletion of {@code from} waits, over any number of objects, for that of {@code target}. */
    private boolean waitsFor(String from, String target) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            String uid = open.pop();
            boolean waits = allByUid(uid).anyMatch(found -> Deletion.inForeground(found.object()));
            if (!waits || !seen.add(uid)) {
                continue;
            }
            List<String> next = naming(uid)
                    .filter(found -> blocks(found.object(), uid))
                    .map(found -> found.object().getMetadata().getUid())
                    .toList();
            if (next.contains(target)) {
                return true;
            }
            open.addAll(next);
        }
        return false;
    }
}
