package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.store.Trees;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Write;
import dev.keelson.apiserver.watch.WatchCache;
import java.util.List;
import java.util.UUID;

/**
 * What a namespace begins with, in the very commit that makes it: the service account {@code default}. A pod may
 * then follow at once; a controller only brings the account back when somebody deletes it.
 */
public final class NamespaceContents implements Companion {
    private final WatchCache cache;

    public NamespaceContents(WatchCache cache) {
        this.cache = cache;
    }

    @Override
    public List<Write> beside(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.concernsCore("namespaces")) {
            return List.of();
        }
        ObjectNode account = account(request.object());
        ObjectKey key = new ObjectKey("", "serviceaccounts", Meta.namespace(account), Meta.name(account));
        // One that an earlier namespace of the name left behind is as good as a new one.
        return cache.get(key).isPresent()
                ? List.of()
                : List.of(new Write.Create(key, Meta.uid(account), Trees.bytes(account)));
    }

    private static ObjectNode account(ObjectNode namespace) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "ServiceAccount");
        object.putObject("metadata")
                .put("name", "default")
                .put("namespace", Meta.name(namespace))
                .put("uid", UUID.randomUUID().toString())
                .set("creationTimestamp", namespace.path("metadata").path("creationTimestamp"));
        return object;
    }
}
