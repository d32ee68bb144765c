package dev.keelson.apiserver.custom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.auth.User;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.apiextensions.CrdCondition;
import dev.keelson.apiserver.registry.apiextensions.CrdStatus;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.store.DeleteOptions;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.Transform;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Deletes the objects of a definition that is going, and lets it go when none is left (apiextensions' finalizer). */
record CustomCleanup(ObjectStore store, ResourceDefinition crds, Clock clock) {
    private static final WriteOptions AS_SERVER = WriteOptions.of(User.SERVER);
    private static final String TERMINATING = "Terminating";
    private static final String IN_PROGRESS = "InstanceDeletionInProgress";

    /** One step; answers whether there is more to wait for. */
    boolean advance(CachedObject crd, List<ResourceDefinition> served) {
        ObjectNode tree = crd.tree();
        if (!Tree.texts(tree, "metadata", "finalizers").contains(CrdStatus.CLEANUP)) {
            return false;
        }
        // As they are stored: a conversion webhook may be gone before its objects are.
        Optional<ResourceDefinition> stored = served.stream()
                .filter(kind -> ((CustomStrategy) kind.strategy()).version().isStorage())
                .findFirst()
                .or(() -> served.stream().findFirst());
        if (stored.isPresent() && !empty(stored.get())) {
            if (!CrdStatus.reason(tree, TERMINATING).equals(IN_PROGRESS)) {
                change(crd.key().name(), this::begun, AS_SERVER.on("status"));
            }
            return true;
        }
        change(crd.key().name(), this::released, AS_SERVER);
        return false;
    }

    private boolean empty(ResourceDefinition kind) {
        store.reads().awaitLatest(kind);
        List<CachedObject> left = store.reads().list(kind, "").objects();
        for (CachedObject object : left) {
            if (!Meta.deleting(object.tree())) {
                delete(kind, object);
            }
        }
        return left.isEmpty();
    }

    private void delete(ResourceDefinition kind, CachedObject object) {
        try {
            store.delete(kind, object.key().namespace(), object.key().name(), DeleteOptions.NONE, AS_SERVER);
        } catch (ApiFailure gone) {
            if (gone.reason() != StatusReason.NOT_FOUND) {
                throw gone;
            }
        }
    }

    private void change(String name, Transform change, WriteOptions by) {
        try {
            store.update(crds, "", name, change, by);
        } catch (ApiFailure gone) {
            if (gone.reason() != StatusReason.NOT_FOUND) {
                throw gone;
            }
        }
    }

    private ObjectNode begun(ObjectNode crd) {
        new CrdCondition(TERMINATING, true, IN_PROGRESS, "CustomResource deletion is in progress")
                .setIn(Tree.child(crd, "status"), clock.instant());
        return crd;
    }

    private ObjectNode released(ObjectNode crd) {
        ArrayNode kept = crd.arrayNode();
        Tree.texts(crd, "metadata", "finalizers").stream()
                .filter(finalizer -> !finalizer.equals(CrdStatus.CLEANUP))
                .forEach(kept::add);
        Meta.of(crd).set("finalizers", kept);
        new CrdCondition(TERMINATING, false, "InstanceDeletionCompleted", "removed all instances")
                .setIn(Tree.child(crd, "status"), clock.instant());
        return crd;
    }
}
