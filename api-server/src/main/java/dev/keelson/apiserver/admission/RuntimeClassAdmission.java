package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;

/** Gives pods what their RuntimeClass costs and where it can run (Kubernetes' RuntimeClass admission). */
public final class RuntimeClassAdmission implements Admission {
    private final ClusterObjects objects;

    public RuntimeClassAdmission(ClusterObjects objects) {
        this.objects = objects;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() != Operation.CREATE || !request.concernsCore("pods")) {
            return;
        }
        ObjectNode spec = request.object().withObject("/spec");
        String name = spec.path("runtimeClassName").asText("");
        JsonNode overhead = spec.path("overhead");
        if (name.isEmpty()) {
            if (!overhead.isEmpty()) {
                throw refused(request, "Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }
            return;
        }
        ObjectNode runtimeClass = objects.find("node.k8s.io", "runtimeclasses", name)
                .orElseThrow(() -> refused(request, "RuntimeClass \"" + name + "\" not found"));
        JsonNode fixed = runtimeClass.at("/overhead/podFixed");
        if (fixed.isEmpty() && !overhead.isEmpty()) {
            throw refused(request, "Pod Overhead set without corresponding RuntimeClass defined Overhead");
        }
        if (!overhead.isEmpty() && !overhead.equals(fixed)) {
            throw refused(request, "Pod's Overhead doesn't match RuntimeClass's defined Overhead");
        }
        if (!fixed.isEmpty()) {
            spec.set("overhead", fixed.deepCopy());
        }
        place(request, spec, runtimeClass.path("scheduling"));
    }

    private static void place(AdmissionRequest request, ObjectNode spec, JsonNode scheduling) {
        scheduling.path("nodeSelector").properties().forEach(label -> {
            ObjectNode selector = spec.withObject("/nodeSelector");
            JsonNode own = selector.path(label.getKey());
            if (!own.isMissingNode() && !own.equals(label.getValue())) {
                throw ApiFailure.forbidden(
                        request.kind(),
                        request.name(),
                        "conflict: runtimeClass.scheduling.nodeSelector[%s] = %s; pod.spec.nodeSelector[%s] = %s"
                                .formatted(label.getKey(), label.getValue().asText(), label.getKey(), own.asText()));
            }
            selector.set(label.getKey(), label.getValue());
        });
        for (JsonNode toleration : scheduling.path("tolerations")) {
            ArrayNode tolerations =
                    spec.get("tolerations") instanceof ArrayNode present ? present : spec.putArray("tolerations");
            if (tolerations.valueStream().noneMatch(toleration::equals)) {
                tolerations.add(toleration.deepCopy());
            }
        }
    }

    private static ApiFailure refused(AdmissionRequest request, String why) {
        return ApiFailure.forbidden(request.kind(), request.name(), "pod rejected: " + why);
    }
}
