package dev.keelson.controllers.garbagecollector;

import dev.keelson.controllers.garbagecollector.ObjectGraph.Watched;
import dev.keelson.controllers.garbagecollector.OwnedView.Dependent;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ListOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;

/** What the server says where a cache that lags would delete somebody's data. */
final class LiveObjects {
    private final ApiClient client;
    private final ObjectGraph graph;

    LiveObjects(ApiClient client, ObjectGraph graph) {
        this.client = client;
        this.graph = graph;
    }

    /** Whether no object is what a reference of {@code object} says; never true for what cannot be judged. */
    boolean absent(HasMetadata object, OwnerReference reference) {
        String namespace = ObjectKey.of(object).namespace();
        return graph.typeOf(reference)
                // Of a kind that is not served, or of a namespace that an object without one does not name, nobody
                // knows.
                .filter(type -> !type.namespaced() || !namespace.isEmpty())
                .filter(type -> absent(type, type.namespaced() ? namespace : "", reference))
                .isPresent();
    }

    private boolean absent(ResourceType<?> type, String namespace, OwnerReference reference) {
        try {
            HasMetadata live = client.get(type, namespace, reference.getName());
            return !live.getMetadata().getUid().equals(reference.getUid());
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return true;
            }
            throw refused;
        }
    }

    /** Every object that names {@code owner}; they are where it may own: in its namespace, if it has one. */
    List<Dependent> dependents(HasMetadata owner) {
        ObjectKey at = ObjectKey.of(owner);
        return graph.types().stream()
                .filter(type -> at.namespace().isEmpty() || type.type().namespaced())
                .flatMap(type ->
                        dependents(type, at.namespace(), owner.getMetadata().getUid()).stream())
                .toList();
    }

    private <T extends HasMetadata> List<Dependent> dependents(Watched<T> type, String namespace, String uid) {
        try {
            return client.list(type.type(), namespace, ListOptions.ALL_METADATA).items().stream()
                    .filter(object -> Owners.uids(object).contains(uid))
                    .map(object -> dependent(type, object, uid))
                    .filter(dependent -> !dependent.uid().equals(uid))
                    .toList();
        } catch (ApiException refused) {
            if (refused.kind() == ApiException.Kind.NOT_FOUND) {
                return List.of(); // its definition has just been deleted, and its objects with it
            }
            throw refused;
        }
    }

    private static Dependent dependent(Watched<?> type, HasMetadata object, String uid) {
        return new Dependent(
                type.id(object),
                object.getMetadata().getUid(),
                Deletion.began(object),
                ObjectGraph.blocks(object, uid));
    }
}
