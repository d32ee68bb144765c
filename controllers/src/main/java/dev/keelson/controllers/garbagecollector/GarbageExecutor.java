package dev.keelson.controllers.garbagecollector;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.controllers.garbagecollector.GarbagePlan.Action;
import dev.keelson.controllers.garbagecollector.GarbagePlan.Delete;
import dev.keelson.controllers.garbagecollector.GarbagePlan.DropOwners;
import dev.keelson.controllers.garbagecollector.GarbagePlan.OrphanDependent;
import dev.keelson.controllers.garbagecollector.GarbagePlan.RemoveFinalizer;
import dev.keelson.controllers.garbagecollector.ObjectGraph.Watched;
import dev.keelson.controllers.objects.Owners;
import dev.keelson.crds.client.ApiClient;
import dev.keelson.crds.client.ApiException;
import dev.keelson.crds.client.ApiJson;
import dev.keelson.crds.client.DeleteOptions;
import dev.keelson.crds.client.ObjectKey;
import dev.keelson.crds.client.PatchType;
import dev.keelson.crds.model.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Carries out what was planned; every write holds only for the object, or the state of it, that the plan was about. */
final class GarbageExecutor {
    private final ApiClient client;
    private final ObjectGraph graph;

    GarbageExecutor(ApiClient client, ObjectGraph graph) {
        this.client = client;
        this.graph = graph;
    }

    /** @param object as the plan saw it, with or without its contents */
    void execute(ResourceType<?> type, HasMetadata object, Action action) {
        ObjectKey key = ObjectKey.of(object);
        String uid = object.getMetadata().getUid();
        switch (action) {
            case Delete(String propagation, String reason) -> delete(type, object, propagation);
            case DropOwners(Set<String> lost, String reason) -> dropOwners(type, key, uid, lost);
            case OrphanDependent(OwnedView.Dependent dependent, String reason) ->
                graph.type(dependent.id().plural())
                        .map(Watched::type)
                        .ifPresent(other -> dropOwners(other, dependent.id().key(), dependent.uid(), Set.of(uid)));
            case RemoveFinalizer(String finalizer, String reason) -> removeFinalizer(type, key, uid, finalizer);
        }
    }

    /** Only as it was judged: whoever gives it another owner meanwhile keeps it. */
    private void delete(ResourceType<?> type, HasMetadata object, String propagation) {
        ignoringAbsence(() -> {
            try {
                deleteAsSeen(type, object, propagation);
            } catch (ApiException refused) {
                if (refused.kind() != ApiException.Kind.CONFLICT) {
                    throw refused;
                }
                // Caches do not hear of changes that the judgement did not rest on: no event would bring the new
                // version.
                deleteAsSeen(type, liveAsJudged(type, object, refused), propagation);
            }
        });
    }

    private void deleteAsSeen(ResourceType<?> type, HasMetadata seen, String propagation) {
        ObjectKey key = ObjectKey.of(seen);
        DeleteOptions options = DeleteOptions.with(propagation)
                .withUid(seen.getMetadata().getUid())
                .withResourceVersion(seen.getMetadata().getResourceVersion());
        client.delete(type, key.namespace(), key.name(), options);
    }

    /** The object as it is now; what changed in a way that matters is refused: its event is on the way. */
    private HasMetadata liveAsJudged(ResourceType<?> type, HasMetadata judged, ApiException refused) {
        ObjectKey key = ObjectKey.of(judged);
        HasMetadata live = client.get(type, key.namespace(), key.name());
        if (!Deletion.sameGrounds(judged, live)) {
            throw refused;
        }
        return live;
    }

    private void dropOwners(ResourceType<?> type, ObjectKey key, String uid, Set<String> lost) {
        change(type, key, uid, "ownerReferences", live -> Owners.references(live).stream()
                .filter(owner -> !lost.contains(owner.getUid()))
                .toList());
    }

    private void removeFinalizer(ResourceType<?> type, ObjectKey key, String uid, String finalizer) {
        change(type, key, uid, "finalizers", live -> live.getMetadata().getFinalizers().stream()
                .filter(one -> !one.equals(finalizer))
                .toList());
    }

    private <T extends HasMetadata> void change(
            ResourceType<T> type, ObjectKey key, String uid, String field, Function<T, List<?>> wanted) {
        ignoringAbsence(() -> {
            T live = client.get(type, key.namespace(), key.name());
            if (live.getMetadata().getUid().equals(uid)) {
                byte[] patch = patch(live, field, wanted.apply(live));
                client.patch(type, key.namespace(), key.name(), "", PatchType.MERGE, patch);
            }
        });
    }

    private static byte[] patch(HasMetadata live, String field, List<?> values) {
        ObjectNode patch = ApiJson.mapper().createObjectNode();
        ObjectNode metadata = patch.putObject("metadata")
                .put("uid", live.getMetadata().getUid())
                .put("resourceVersion", live.getMetadata().getResourceVersion());
        ArrayNode list = ApiJson.mapper().valueToTree(values);
        metadata.set(field, list.isEmpty() ? null : list);
        return patch.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void ignoringAbsence(Runnable write) {
        try {
            write.run();
        } catch (ApiException refused) {
            if (refused.kind() != ApiException.Kind.NOT_FOUND) {
                throw refused;
            }
        }
    }
}
