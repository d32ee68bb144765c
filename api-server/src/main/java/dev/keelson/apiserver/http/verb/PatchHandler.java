package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.codec.DecodedBody;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.patch.FieldOwner;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.StatusDetails;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.registry.store.WriteOptions;
import dev.keelson.apiserver.watch.CachedObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code patch}: the patch is applied to the newest state and the result goes the way of an update. Without a
 * resourceVersion in it, the patch is applied again when another write came first.
 */
public final class PatchHandler {
    private final ObjectStore store;
    private final ObjectBodies bodies;
    private final PatchEngine engine;
    private final CreatePermission creation;

    /** @param created whether the patch made the object (server-side apply) */
    public record Patched(CachedObject object, boolean created) {}

    public PatchHandler(ObjectStore store, ObjectBodies bodies, PatchEngine engine, CreatePermission creation) {
        this.store = store;
        this.bodies = bodies;
        this.engine = engine;
        this.creation = creation;
    }

    public Patched patch(ApiRequest request) {
        PatchEngine.Type type = type(request);
        DecodedBody body = body(request);
        if (type == PatchEngine.Type.APPLY) {
            return apply(request, body);
        }
        if (request.query().has("force")) {
            throw ApiFailure.invalidOptions(
                    "PatchOptions", FieldError.forbidden("force", "may not be specified for non-apply patch"));
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
    public ObjectNode patchPlain(ApiRequest request, ObjectNode current) {
        PatchEngine.Type type = type(request);
        DecodedBody body = body(request);
        return engine.patch(type, current, body.tree());
    }

    private ObjectNode patched(ApiRequest request, PatchEngine.Type type, DecodedBody body, ObjectNode current) {
        ObjectNode result = engine.patch(type, current, body.tree());
        checkIdentity(request, result);
        // The transform may run again: only the last run's warnings count.
        request.warnings().clear();
        bodies.check(request, result, body.duplicateMessages());
        return result;
    }

    /** What is to be applied, when the request is a server-side apply. */
    public Optional<ObjectNode> applied(ApiRequest request) {
        if (type(request) != PatchEngine.Type.APPLY) {
            return Optional.empty();
        }
        requireManager(request);
        return Optional.of(body(request).object());
    }

    /** Applies to an object what was applied to one of its parts, in the name of who writes that part. */
    public CachedObject applyFor(ApiRequest request, ObjectNode wanted) {
        WriteOptions options = request.writeOptions().applying();
        FieldOwner owner = new FieldOwner(options.fieldManager(), options.subresource());
        boolean force = request.query().flag("force");
        return store.update(
                request.kind(),
                request.namespace(),
                request.info().name(),
                current -> engine.apply(current, wanted, owner, force),
                options);
    }

    private static void requireManager(ApiRequest request) {
        if (request.query().text("fieldManager").isEmpty()) {
            throw ApiFailure.invalidOptions(
                    "PatchOptions", FieldError.required("fieldManager", "is required for apply patch"));
        }
    }

    private Patched apply(ApiRequest request, DecodedBody body) {
        requireManager(request);
        ObjectNode wanted = body.object();
        for (String field : List.of("apiVersion", "kind")) {
            if (wanted.path(field).asText("").isEmpty()) {
                throw ApiFailure.badRequest("an apply patch names what it applies: %s is missing".formatted(field));
            }
        }
        String name = request.info().name();
        engine.requireTyped(wanted);
        bodies.check(request, wanted.deepCopy(), body.duplicateMessages());
        keepWrittenPart(request, wanted);
        checkIdentity(request, wanted);
        try {
            return new Patched(applyFor(request, wanted), false);
        } catch (ApiFailure missing) {
            if (missing.reason() != StatusReason.NOT_FOUND
                    || !request.info().subresource().isEmpty()) {
                throw missing;
            }
            creation.require(request);
            if (!Meta.uid(wanted).isEmpty()) {
                throw ApiFailure.conflict(
                        request.kind(),
                        name,
                        "uid mismatch: the provided object specified uid %s, and no existing object was found"
                                .formatted(Meta.uid(wanted)));
            }
            WriteOptions options = request.writeOptions().applying();
            ObjectNode fresh =
                    engine.create(wanted, name, new FieldOwner(options.fieldManager(), options.subresource()));
            return new Patched(store.create(request.kind(), request.namespace(), fresh, options), true);
        }
    }

    /** What this path does not write is neither merged nor owned: status here, all but status there. */
    private static void keepWrittenPart(ApiRequest request, ObjectNode wanted) {
        if (request.info().subresource().equals("status")) {
            wanted.retain("apiVersion", "kind", "metadata", "status");
        } else if (request.kind().subresources().contains(Subresource.STATUS)) {
            wanted.remove("status");
        }
    }

    /** No patch turns an object into another one. */
    private static void checkIdentity(ApiRequest request, ObjectNode result) {
        ObjectBodies.expectKind(
                result, request.kind().apiVersion(), request.kind().kind());
        String name = Meta.name(result);
        if (name.isEmpty()) {
            throw ApiFailure.badRequest(
                    "the name of the object (%s based on URL) was undeterminable: name must be provided"
                            .formatted(request.info().name()));
        }
        if (!name.equals(request.info().name())) {
            throw ApiFailure.badRequest("the name of the object (%s) does not match the name on the URL (%s)"
                    .formatted(name, request.info().name()));
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
            boolean known = type != PatchEngine.Type.STRATEGIC_MERGE
                    || request.kind().strategy().isBuiltIn();
            if (known && type.mediaType().equals(mediaType)) {
                return type;
            }
        }
        throw new ApiFailure(
                StatusReason.UNSUPPORTED_MEDIA_TYPE,
                "the body of the request was in an unknown format - accepted media types include:"
                        + " application/json-patch+json, application/merge-patch+json,"
                        + (request.kind().strategy().isBuiltIn() ? " application/strategic-merge-patch+json," : "")
                        + " application/apply-patch+yaml",
                StatusDetails.NONE);
    }
}
