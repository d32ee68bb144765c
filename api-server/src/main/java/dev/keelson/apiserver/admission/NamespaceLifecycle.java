package dev.keelson.apiserver.admission;

import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.Waiting;
import dev.keelson.apiserver.storage.ObjectKey;
import dev.keelson.apiserver.storage.Storage;
import dev.keelson.apiserver.storage.StorageException;
import dev.keelson.apiserver.watch.CachedObject;
import dev.keelson.apiserver.watch.WatchCache;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Objects are created in namespaces that exist and stay; the system's own namespaces cannot be deleted. */
public final class NamespaceLifecycle implements Admission {
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final WatchCache cache;
    private final Storage storage;
    private final ResourceDefinition namespaces;

    public NamespaceLifecycle(WatchCache cache, Storage storage, ResourceDefinition namespaces) {
        this.cache = cache;
        this.storage = storage;
        this.namespaces = namespaces;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() == Operation.CREATE && request.kind().namespaced()) {
            checkNamespace(request);
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean deletion = request.operation() == Operation.DELETE && request.concernsCore("namespaces");
        if (deletion && IMMORTAL.contains(request.name())) {
            throw ApiFailure.forbidden(namespaces, request.name(), "this namespace may not be deleted");
        }
    }

    private void checkNamespace(AdmissionRequest request) {
        ObjectKey key = new ObjectKey("", "namespaces", "", request.namespace());
        Optional<CachedObject> cached = cache.get(key);
        if (cached.isEmpty()) {
            checkStored(key);
        } else if (Meta.deleting(cached.get().tree())) {
            throw terminating(request);
        }
    }

    /** Memory may not show a namespace yet that was created a moment ago. */
    private void checkStored(ObjectKey key) {
        try {
            Waiting.forResult(storage.get(key));
        } catch (StorageException e) {
            if (e.kind() == StorageException.Kind.NOT_FOUND) {
                throw ApiFailure.notFound(namespaces, key.name());
            }
            throw e;
        }
    }

    private static ApiFailure terminating(AdmissionRequest request) {
        ResourceDefinition kind = request.kind();
        String namespace = request.namespace();
        ApiFailure forbidden = ApiFailure.forbidden(
                kind,
                request.name(),
                "unable to create new content in namespace " + namespace + " because it is being terminated");
        StatusDetails.Cause cause = new StatusDetails.Cause(
                "NamespaceTerminating", "namespace " + namespace + " is being terminated", "metadata.namespace");
        return new ApiFailure(
                StatusReason.FORBIDDEN,
                forbidden.getMessage(),
                forbidden.details().withCauses(List.of(cause)));
    }
}
