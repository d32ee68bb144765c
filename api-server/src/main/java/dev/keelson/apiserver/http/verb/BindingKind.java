package dev.keelson.apiserver.http.verb;

import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.http.request.RequestInfo;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceRegistry;
import dev.keelson.apiserver.registry.ReviewKind;

/**
 * {@code bindings}: what schedulers of old create to give a pod its node. The object names the pod; otherwise it is the
 * same as the pod's subresource {@code binding}.
 */
public final class BindingKind {
    public static final ResourceDefinition KIND = ReviewKind.namespaced(
                    "", "Binding", "bindings", (user, question) -> question)
            .definition();

    private final ResourceRegistry registry;
    private final ObjectBodies bodies;
    private final SubresourceHandler parts;

    public BindingKind(ResourceRegistry registry, ObjectBodies bodies, SubresourceHandler parts) {
        this.registry = registry;
        this.bodies = bodies;
        this.parts = parts;
    }

    /** Binds the pod that the object names. */
    public Reply create(ApiRequest request) {
        if (!request.info().verb().equals("create")) {
            throw ApiFailure.methodNotAllowed(KIND, request.info().verb());
        }
        String pod = Meta.name(bodies.plain(request, "v1", "Binding"));
        if (pod.isEmpty() || request.namespace().isEmpty()) {
            throw ApiFailure.badRequest(
                    "a Binding is created in a namespace, and its metadata.name is the name of the pod to bind");
        }
        RequestInfo asked = request.info();
        return parts.bind(new ApiRequest(
                new RequestInfo("create", asked.path(), "", "v1", asked.namespace(), "pods", pod, "binding", ""),
                registry.require("", "pods"),
                request.user(),
                request.query(),
                request.rendering(),
                request.contentType(),
                request.userAgent(),
                request.body()));
    }
}
