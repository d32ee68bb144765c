package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.Set;

/** {@code create}, {@code update} and {@code patch} of an object or its status. */
public final class WriteHandler {
    /** Kubernetes lets an update create these, and clients of old rely on it. */
    private static final Set<String> CREATED_BY_UPDATE = Set.of(
            "/endpoints",
            "/events",
            "/limitranges",
            "/services",
            "coordination.k8s.io/leases",
            "discovery.k8s.io/endpointslices",
            "events.k8s.io/events",
            "rbac.authorization.k8s.io/clusterrolebindings",
            "rbac.authorization.k8s.io/clusterroles",
            "rbac.authorization.k8s.io/rolebindings",
            "rbac.authorization.k8s.io/roles");

    private final ObjectStore store;
    private final ObjectBodies bodies;
    private final PatchHandler patches;
    private final CreatePermission creation;
    private final Clock clock;

    public WriteHandler(
            ObjectStore store, ObjectBodies bodies, PatchHandler patches, CreatePermission creation, Clock clock) {
        this.store = store;
        this.bodies = bodies;
        this.patches = patches;
        this.creation = creation;
        this.clock = clock;
    }

    public Reply create(ApiRequest request) {
        if (request.kind().namespaced() && request.namespace().isEmpty()) {
            throw ApiFailure.badRequest("an object of kind %s is created in a namespace: POST to %s/namespaces/NAME/%s"
                    .formatted(
                            request.kind().kind(),
                            request.info()
                                    .path()
                                    .substring(0, request.info().path().lastIndexOf('/')),
                            request.kind().plural()));
        }
        ObjectNode object = bodies.object(request);
        CachedObject created = store.create(request.kind(), request.namespace(), object, request.writeOptions());
        return answer(request, 201, created);
    }

    public Reply update(ApiRequest request) {
        ObjectNode object = bodies.object(request);
        String name = request.info().name();
        if (Meta.name(object).isEmpty()) {
            throw ApiFailure.badRequest(
                    "the name of the object (%s based on URL) was undeterminable: name must be provided"
                            .formatted(name));
        }
        try {
            CachedObject updated = store.update(
                    request.kind(), request.namespace(), name, current -> object.deepCopy(), request.writeOptions());
            return answer(request, 200, updated);
        } catch (ApiFailure missing) {
            if (missing.reason() != StatusReason.NOT_FOUND || !mayCreate(request, object)) {
                throw missing;
            }
            creation.require(request);
            return answer(
                    request, 201, store.create(request.kind(), request.namespace(), object, request.writeOptions()));
        }
    }

    /** An object that says which version or identity it replaces is not a new one. */
    private static boolean mayCreate(ApiRequest request, ObjectNode object) {
        String resource = request.kind().group() + "/" + request.kind().plural();
        return CREATED_BY_UPDATE.contains(resource)
                && request.info().subresource().isEmpty()
                && Meta.resourceVersion(object).isEmpty()
                && Meta.uid(object).isEmpty();
    }

    public Reply patch(ApiRequest request) {
        PatchHandler.Patched patched = patches.patch(request);
        return answer(request, patched.created() ? 201 : 200, patched.object());
    }

    private Reply answer(ApiRequest request, int code, CachedObject object) {
        byte[] body = new ObjectShapes(request.kind(), request.rendering(), TableShape.IncludeObject.METADATA)
                .one(object, clock.instant());
        return Reply.json(code, body).withWarnings(request.warnings());
    }
}
