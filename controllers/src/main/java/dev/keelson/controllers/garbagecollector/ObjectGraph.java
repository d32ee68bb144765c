package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.garbagecollector.OwnedView.Dependent;
import dev.keelson.controllers.objects.CustomResources;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.controllers.runtime.Informers;
import dev.keelson.crds.client.InformerCache;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** All objects of the watched types with the edges from owner to dependent, read from the shared caches. */
final class ObjectGraph {
    private static final String BY_UID = "uid";

    /** Types whose objects come and go too often for what watching them would collect; they expire or have no owner. */
    private static final List<ResourceType<?>> UNWATCHED =
            List.of(ResourceType.EVENTS, ResourceType.LEASES, ResourceType.ENDPOINTS, ResourceType.NAMESPACES);

    private final Informers informers;
    private volatile Map<String, Watched<?>> types = Map.of();

    /** One type with its cache. */
    record Watched<T extends HasMetadata>(ResourceType<T> type, InformerCache<T> cache) {
        Optional<T> get(ObjectKey key) {
            return cache.get(key.namespace(), key.name());
        }

        /** What the type is called in an {@link ObjectId}. */
        String id() {
            return CustomResources.qualified(type);
        }
    }

    ObjectGraph(Informers informers) {
        this.informers = informers;
        ResourceType.known().stream().filter(type -> !UNWATCHED.contains(type)).forEach(this::add);
    }

    /** Watches one more type; a type of the same name that was watched before is replaced. */
    <T extends HasMetadata> Watched<T> add(ResourceType<T> type) {
        Watched<T> watched = watch(informers, type);
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

    private static <T extends HasMetadata> Watched<T> watch(Informers informers, ResourceType<T> type) {
        InformerCache<T> cache = informers.cache(type);
        cache.addIndex(Owners.BY_OWNER, Owners::uids);
        cache.addIndex(BY_UID, object -> List.of(object.getMetadata().getUid()));
        return new Watched<>(type, cache);
    }

    Iterable<Watched<?>> types() {
        return types.values();
    }

    Optional<Watched<?>> type(String id) {
        return Optional.ofNullable(types.get(id));
    }

    /** The watched type that a reference speaks of; empty for kinds that this collector does not know. */
    Optional<ResourceType<?>> typeOf(OwnerReference owner) {
        Stream<ResourceType<?>> custom = types.values().stream().map(Watched::type);
        return Stream.concat(ResourceType.known().stream(), custom)
                .filter(type -> type.kind().equals(owner.getKind())
                        && group(owner.getApiVersion()).equals(type.group()))
                .<ResourceType<?>>map(type -> type)
                .findFirst();
    }

    /** Versions of one group are views of the same objects. */
    private static String group(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0 ? "" : apiVersion.substring(0, slash);
    }

    /** The object with a uid, in whichever watched type. */
    Optional<HasMetadata> byUid(String uid) {
        return types.values().stream()
                .flatMap(type -> type.cache().byIndex(BY_UID, uid).stream())
                .<HasMetadata>map(object -> object)
                .findFirst();
    }

    List<Dependent> dependents(String uid) {
        return types.values().stream()
                .flatMap(type ->
                        type.cache().byIndex(Owners.BY_OWNER, uid).stream().map(object -> dependent(type, object, uid)))
                .toList();
    }

    private static Dependent dependent(Watched<?> type, HasMetadata object, String ownerUid) {
        boolean blocks = Owners.references(object).stream()
                .anyMatch(
                        owner -> owner.getUid().equals(ownerUid) && Boolean.TRUE.equals(owner.getBlockOwnerDeletion()));
        return new Dependent(
                new ObjectId(type.id(), ObjectKey.of(object)),
                object.getMetadata().getUid(),
                object.getMetadata().getDeletionTimestamp() != null,
                blocks);
    }

    /** The ids of all objects that a uid belongs to: for a change of a dependent, its owners. */
    void forOwners(HasMetadata object, BiConsumer<Watched<?>, HasMetadata> visitor) {
        for (String uid : Owners.uids(object)) {
            types.values()
                    .forEach(type -> type.cache().byIndex(BY_UID, uid).forEach(owner -> visitor.accept(type, owner)));
        }
    }
}
