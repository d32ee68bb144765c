package dev.keelson.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.codec.DecodedBody;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code patch}: the patch is applied to the newest state and the result goes the way of an update. Without a
 * resourceVersion in it, the patch is applied again when another write came first.
 */
final class PatchHandler {
    private final ObjectStore store;
    private final ObjectBodies bodies;
    private final PatchEngine engine;

    /** @param created whether the patch made the object (server-side apply) */
    record Patched(CachedObject object, boolean created) {}

    PatchHandler(ObjectStore store, ObjectBodies bodies, PatchEngine engine) {
        this.store = store;
        this.bodies = bodies;
        this.engine = engine;
    }

    Patched patch(ApiRequest request) {
        PatchEngine.Type type = type(request);
        DecodedBody body = body(request);
        if (type == PatchEngine.Type.APPLY) {
            return apply(request, body);
        }
        CachedObject updated = store.update(
                request.kind(),
                request.namespace(),
                request.info().name(),
                current -> patched(request, type, body, current),
                request.writeOptions());
        return new Patched(updated, false);
    }

    /** The current state with the patch applied, for any object, also one that is not stored (a Scale). */
    ObjectNode patchPlain(ApiRequest request, ObjectNode current) {
        return engine.apply(
                type(request), request.kind(), current, body(request).tree(), request.query());
    }

    private ObjectNode patched(ApiRequest request, PatchEngine.Type type, DecodedBody body, ObjectNode current) {
        ObjectNode result = engine.apply(type, request.kind(), current, body.tree(), request.query());
        request.warnings().clear();
        bodies.check(request, result, body.duplicateMessages());
        return result;
    }

    private Patched apply(ApiRequest request, DecodedBody body) {
        if (request.query().text("fieldManager").isEmpty()) {
            throw ApiFailure.badRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is"
                    + " required for apply patch");
        }
        ObjectNode wanted = body.object();
        bodies.check(request, wanted.deepCopy(), body.duplicateMessages());
        try {
            CachedObject updated = store.update(
                    request.kind(),
                    request.namespace(),
                    request.info().name(),
                    current -> engine.apply(PatchEngine.Type.APPLY, request.kind(), current, wanted, request.query()),
                    request.writeOptions());
            return new Patched(updated, false);
        } catch (ApiFailure missing) {
            if (missing.reason() != StatusReason.NOT_FOUND
                    || !request.info().subresource().isEmpty()) {
                throw missing;
            }
            ObjectNode fresh =
                    engine.create(request.kind(), wanted, request.info().name(), request.query());
            return new Patched(store.create(request.kind(), request.namespace(), fresh, request.writeOptions()), true);
        }
    }

    private DecodedBody body(ApiRequest request) {
        Optional<DecodedBody> body = bodies.any(request);
        JsonNode tree = body.orElseThrow(() -> ApiFailure.badRequest("the patch is empty"))
                .tree();
        if (!tree.isContainerNode()) {
            throw ApiFailure.badRequest("a patch is a JSON object or, for JSON Patch, an array");
        }
        return body.get();
    }

    private static PatchEngine.Type type(ApiRequest request) {
        String mediaType = request.contentType().split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        for (PatchEngine.Type type : PatchEngine.Type.values()) {
            if (type.mediaType().equals(mediaType)) {
                return type;
            }
        }
        throw new ApiFailure(
                StatusReason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json,"
                        + " application/strategic-merge-patch+json, application/apply-patch+yaml",
                StatusDetails.NONE);
    }
}
