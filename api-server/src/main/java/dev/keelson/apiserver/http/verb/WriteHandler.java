package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.ObjectShapes;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.TableShape;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.StatusReason;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.util.List;
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

    /** An update of these says which version it was made from; of other built-in kinds it need not. */
    private static final Set<String> CHANGED_FROM_A_VERSION = Set.of(
            "admissionregistration.k8s.io/mutatingwebhookconfigurations",
            "admissionregistration.k8s.io/validatingadmissionpolicies",
            "admissionregistration.k8s.io/validatingadmissionpolicybindings",
            "admissionregistration.k8s.io/validatingwebhookconfigurations",
            "apiextensions.k8s.io/customresourcedefinitions",
            "apiregistration.k8s.io/apiservices",
            "coordination.k8s.io/leases",
            "node.k8s.io/runtimeclasses",
            "policy/poddisruptionbudgets",
            "storage.k8s.io/csidrivers",
            "storage.k8s.io/csinodes",
            "storage.k8s.io/csistoragecapacities",
            "storage.k8s.io/volumeattachments");

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
        // An object that says which version or identity it replaces is not a new one.
        boolean fresh =
                Meta.resourceVersion(object).isEmpty() && Meta.uid(object).isEmpty();
        try {
            CachedObject updated = store.replace(
                    request.kind(),
                    request.namespace(),
                    name,
                    // Read anew rather than copied each time: nearly always the first attempt is the only one.
                    attempt -> versioned(request, attempt == 1 ? object : bodies.object(request)),
                    request.writeOptions());
            return answer(request, 200, updated);
        } catch (ApiFailure missing) {
            if (missing.reason() != StatusReason.NOT_FOUND || !fresh || !mayCreate(request)) {
                throw missing;
            }
            creation.require(request);
            CachedObject created =
                    store.create(request.kind(), request.namespace(), bodies.object(request), request.writeOptions());
            return answer(request, 201, created);
        }
    }

    private static ObjectNode versioned(ApiRequest request, ObjectNode object) {
        boolean unconditional = Set.of("", "0").contains(Meta.resourceVersion(object));
        boolean needed = !request.kind().strategy().isBuiltIn() || CHANGED_FROM_A_VERSION.contains(resource(request));
        if (unconditional && needed) {
            throw ApiFailure.invalid(
                    request.kind(),
                    request.info().name(),
                    List.of(FieldError.invalid("metadata.resourceVersion", "0x0", "must be specified for an update")));
        }
        return object;
    }

    private static String resource(ApiRequest request) {
        return request.kind().group() + "/" + request.kind().plural();
    }

    private static boolean mayCreate(ApiRequest request) {
        return CREATED_BY_UPDATE.contains(resource(request))
                && request.info().subresource().isEmpty();
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
