package dev.keelson.apiserver.auth.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.Admission;
import dev.keelson.apiserver.admission.AdmissionRequest;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;
import java.util.Optional;

/**
 * Kubernetes' NodeRestriction admission: an agent writes its own Node and Lease and the status of pods bound to it, creates
 * mirror pods only, and gives itself no labels that others steer workloads by, and no other taints.
 */
public final class NodeRestriction implements Admission {
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String RESTRICTED = "node-restriction.kubernetes.io/";

    @Override
    public void validate(AdmissionRequest request) {
        NodeIdentity.of(request.user()).ifPresent(node -> {
            switch (request.kind().group() + "/" + request.kind().plural()) {
                case "/pods" -> pod(node, request);
                case "/nodes" -> node(node, request);
                case "coordination.k8s.io/leases" -> lease(node, request);
                default -> {}
            }
        });
    }

    private static void pod(String node, AdmissionRequest request) {
        ObjectNode judged = request.old().orElse(request.object());
        boolean mine = judged.path("spec").path("nodeName").asText("").equals(node);
        if (request.operation() == Operation.CREATE
                && !request.object().path("metadata").path("annotations").has(MIRROR)) {
            throw refused(request, node, "can only create mirror pods");
        }
        if (!mine) {
            throw refused(
                    request,
                    node,
                    "can only %s pods with spec.nodeName set to itself"
                            .formatted(request.operation().name().toLowerCase(java.util.Locale.ROOT)));
        }
        if (request.operation() == Operation.UPDATE && !request.subresource().equals("status")) {
            throw refused(request, node, "can only update pod status");
        }
    }

    private static void node(String node, AdmissionRequest request) {
        if (!request.name().equals(node)) {
            throw refused(request, node, "is not allowed to modify node \"" + request.name() + "\"");
        }
        Optional<ObjectNode> old = request.old();
        JsonNode labels = request.object().path("metadata").path("labels");
        JsonNode before =
                old.map(known -> known.path("metadata").path("labels")).orElseGet(MissingNode::getInstance);
        labels.properties().forEach(label -> {
            boolean same = before.path(label.getKey()).equals(label.getValue());
            if (!same && label.getKey().contains(RESTRICTED)) {
                throw refused(request, node, "is not allowed to set the label " + label.getKey());
            }
        });
        boolean update = request.operation() == Operation.UPDATE;
        if (update && !taints(request.object()).equals(taints(old.orElseThrow()))) {
            throw refused(request, node, "is not allowed to modify taints");
        }
    }

    private static JsonNode taints(ObjectNode node) {
        JsonNode taints = node.path("spec").path("taints");
        return taints.isEmpty() ? MissingNode.getInstance() : taints;
    }

    private static void lease(String node, AdmissionRequest request) {
        if (!request.namespace().equals("kube-node-lease") || !request.name().equals(node)) {
            throw refused(request, node, "can only access the lease kube-node-lease/" + node);
        }
    }

    private static ApiFailure refused(AdmissionRequest request, String node, String why) {
        return ApiFailure.forbidden(request.kind(), request.name(), "node \"%s\" %s".formatted(node, why));
    }
}
