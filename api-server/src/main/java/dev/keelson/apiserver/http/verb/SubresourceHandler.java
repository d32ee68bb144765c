package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.http.reply.Reply;
import dev.keelson.apiserver.http.reply.StatusJson;
import dev.keelson.apiserver.http.request.ApiRequest;
import dev.keelson.apiserver.http.request.ObjectBodies;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.rules.Conditions;
import dev.keelson.apiserver.registry.store.ObjectStore;
import dev.keelson.apiserver.watch.CachedObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Subresources that change an object in one particular way: binding, finalize. */
public final class SubresourceHandler {
    private final ObjectStore store;
    private final ObjectBodies bodies;
    private final Clock clock;

    public SubresourceHandler(ObjectStore store, ObjectBodies bodies, Clock clock) {
        this.store = store;
        this.bodies = bodies;
        this.clock = clock;
    }

    /** Gives a pod its node, once ({@code pods/binding}). */
    public Reply bind(ApiRequest request) {
        ObjectNode binding = bodies.plain(request, "v1", "Binding");
        sameName(request, binding, "Binding");
        String node = binding.path("target").path("name").asText("");
        String kind = binding.path("target").path("kind").asText("");
        if (node.isEmpty() || !kind.isEmpty() && !kind.equals("Node")) {
            throw ApiFailure.invalid(
                    request.kind(),
                    request.info().name(),
                    List.of(
                            node.isEmpty()
                                    ? FieldError.required("target.name", "the node that the pod is bound to")
                                    : FieldError.invalid("target.kind", "\"" + kind + "\"", "must be empty or Node")));
        }
        store.update(
                request.kind(),
                request.namespace(),
                request.info().name(),
                pod -> bound(request, pod, node, Meta.uid(binding)),
                request.writeOptions());
        return Reply.json(201, StatusJson.success(201));
    }

    private ObjectNode bound(ApiRequest request, ObjectNode pod, String node, String uid) {
        String name = Meta.name(pod);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(pod))) {
            throw ApiFailure.conflict(
                    request.kind(),
                    name,
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(uid, Meta.uid(pod)));
        }
        if (Meta.deleting(pod)) {
            throw ApiFailure.conflict(
                    request.kind(), name, "pod " + name + " is being deleted, cannot be assigned to a host");
        }
        String assigned = pod.path("spec").path("nodeName").asText("");
        if (!assigned.isEmpty()) {
            throw ApiFailure.conflict(
                    request.kind(), name, "pod %s is already assigned to node \"%s\"".formatted(name, assigned));
        }
        pod.withObject("/spec").put("nodeName", node);
        Conditions.set(
                        pod.withObject("/status"),
                        "PodScheduled",
                        "True",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .putNull("lastProbeTime");
        return pod;
    }

    static void sameName(ApiRequest request, ObjectNode body, String kind) {
        String named = Meta.name(body);
        if (!named.isEmpty() && !named.equals(request.info().name())) {
            throw ApiFailure.badRequest("name in URL does not match name in " + kind + " object");
        }
    }

    /** Replaces {@code spec.finalizers} of a namespace, the last step of its deletion. */
    public Reply finalizeNamespace(ApiRequest request) {
        ObjectNode wanted = bodies.object(request);
        CachedObject updated = store.update(
                request.kind(),
                request.namespace(),
                request.info().name(),
                current -> withFinalizers(current, wanted),
                request.writeOptions());
        return Reply.json(200, updated.json());
    }

    private static ObjectNode withFinalizers(ObjectNode current, ObjectNode wanted) {
        String version = Meta.resourceVersion(wanted);
        if (!version.isEmpty()) {
            Meta.of(current).put("resourceVersion", version);
        }
        JsonNode finalizers = wanted.path("spec").path("finalizers");
        if (finalizers.isEmpty()) {
            current.withObject("/spec").remove("finalizers");
        } else {
            current.withObject("/spec").set("finalizers", finalizers);
        }
        return current;
    }
}
