package dev.keelson.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.admission.AdmissionRequest.Operation;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.scheduling.SchedulingKinds;
import java.util.Comparator;
import java.util.Optional;

/** Gives pods the priority of their class, and sees to it that at most one class is the default (Kubernetes' Priority). */
public final class PriorityAdmission implements Admission {
    private static final String GROUP = "scheduling.k8s.io";
    private static final String CLASSES = "priorityclasses";

    private final ClusterObjects objects;

    public PriorityAdmission(ClusterObjects objects) {
        this.objects = objects;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() == Operation.CREATE && request.concernsCore("pods")) {
            prioritize(request, request.object().withObject("/spec"));
        }
    }

    private void prioritize(AdmissionRequest request, ObjectNode spec) {
        String name = spec.path("priorityClassName").asText("");
        Optional<ObjectNode> found = name.isEmpty() ? globalDefault() : named(name);
        if (found.isEmpty() && !name.isEmpty()) {
            throw ApiFailure.forbidden(
                    request.kind(), request.name(), "no PriorityClass with name " + name + " was found");
        }
        ObjectNode chosen = found.orElseGet(JsonNodeFactory.instance::objectNode);
        if (found.isPresent()) {
            spec.put("priorityClassName", Meta.name(chosen));
        }
        int value = chosen.path("value").asInt(0);
        String preemption = chosen.path("preemptionPolicy").asText("PreemptLowerPriority");
        JsonNode given = spec.path("priority");
        if (given.isNumber() && given.asInt() != value) {
            throw refused(request, "integer value of priority", given.asText(), Integer.toString(value));
        }
        String policy = spec.path("preemptionPolicy").asText("");
        if (!policy.isEmpty() && !policy.equals(preemption)) {
            throw refused(request, "string value of PreemptionPolicy", policy, preemption);
        }
        spec.put("priority", value).put("preemptionPolicy", preemption);
    }

    private static ApiFailure refused(AdmissionRequest request, String what, String given, String computed) {
        return ApiFailure.forbidden(
                request.kind(),
                request.name(),
                "the %s (%s) must not be provided in pod spec; priority admission controller computed %s from the given PriorityClass name"
                        .formatted(what, given, computed));
    }

    /** The system's classes count from the first moment on, also before they are written down. */
    private Optional<ObjectNode> named(String name) {
        Optional<ObjectNode> stored = objects.find(GROUP, CLASSES, name);
        return stored.or(() -> Optional.ofNullable(SchedulingKinds.SYSTEM_CLASSES.get(name))
                .map(value -> {
                    ObjectNode system = JsonNodeFactory.instance.objectNode().put("value", value);
                    Meta.of(system).put("name", name);
                    return system;
                }));
    }

    /** Should there be several, the one of the least value is meant. */
    private Optional<ObjectNode> globalDefault() {
        return objects.all(GROUP, CLASSES).stream()
                .filter(PriorityAdmission::isDefault)
                .min(Comparator.comparingInt(object -> object.path("value").asInt()));
    }

    private static boolean isDefault(ObjectNode priorityClass) {
        return priorityClass.path("globalDefault").asBoolean(false);
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean marked = request.operation() != Operation.DELETE
                && request.concerns(GROUP, CLASSES)
                && isDefault(request.object());
        if (!marked) {
            return;
        }
        objects.all(GROUP, CLASSES).stream()
                .filter(other -> isDefault(other) && !Meta.name(other).equals(request.name()))
                .findFirst()
                .ifPresent(other -> {
                    throw ApiFailure.forbidden(
                            request.kind(),
                            request.name(),
                            "PriorityClass " + Meta.name(other)
                                    + " is already marked as default. Only one default can exist");
                });
    }
}
