package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.ApiFailure;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import java.util.List;
import java.util.Optional;

/**
 * How to delete (meta.k8s.io/v1 DeleteOptions).
 *
 * @param graceSeconds what the caller asks for; empty for what the object says
 * @param uid precondition, empty for none
 * @param resourceVersion precondition, empty for none
 * @param propagation what becomes of dependents
 */
public record DeleteOptions(
        Optional<Long> graceSeconds,
        String uid,
        String resourceVersion,
        Optional<Propagation> propagation,
        boolean dryRun) {
    public static final DeleteOptions NONE = new DeleteOptions(Optional.empty(), "", "", Optional.empty(), false);

    /** The finalizer is what the garbage collector acts on. */
    public enum Propagation {
        BACKGROUND(""),
        FOREGROUND("foregroundDeletion"),
        ORPHAN("orphan");

        private final String finalizer;

        Propagation(String finalizer) {
            this.finalizer = finalizer;
        }

        String finalizer() {
            return finalizer;
        }
    }

    /** Reads a DeleteOptions object; the tree may be empty. */
    public static DeleteOptions from(ObjectNode body) {
        JsonNode grace = body.path("gracePeriodSeconds");
        JsonNode preconditions = body.path("preconditions");
        return new DeleteOptions(
                grace.isIntegralNumber() ? Optional.of(grace.asLong()) : Optional.empty(),
                preconditions.path("uid").asText(""),
                preconditions.path("resourceVersion").asText(""),
                propagation(body),
                dryRun(body));
    }

    public DeleteOptions withGraceSeconds(long seconds) {
        return new DeleteOptions(Optional.of(seconds), uid, resourceVersion, propagation, dryRun);
    }

    public DeleteOptions withDryRun() {
        return new DeleteOptions(graceSeconds, uid, resourceVersion, propagation, true);
    }

    /** Only the object as it was seen, if the caller names no version of its own. */
    public DeleteOptions ifUnchanged(ObjectNode seen) {
        return resourceVersion.isEmpty() ? ofVersion(Meta.resourceVersion(seen)) : this;
    }

    public DeleteOptions ofVersion(String version) {
        return new DeleteOptions(graceSeconds, uid, version, propagation, dryRun);
    }

    /** Only the object that was seen and no other of its name, if the caller names none. */
    public DeleteOptions ifSame(ObjectNode seen) {
        String only = uid.isEmpty() ? Meta.uid(seen) : uid;
        return new DeleteOptions(graceSeconds, only, resourceVersion, propagation, dryRun);
    }

    private static Optional<Propagation> propagation(ObjectNode body) {
        JsonNode policy = body.path("propagationPolicy");
        JsonNode orphan = body.path("orphanDependents");
        if (policy.isTextual() && orphan.isBoolean()) {
            throw invalid(FieldError.invalid(
                    "propagationPolicy",
                    policy.toString(),
                    "orphanDependents and deletionPropagation cannot be both set"));
        }
        if (orphan.isBoolean()) {
            return Optional.of(orphan.asBoolean() ? Propagation.ORPHAN : Propagation.BACKGROUND);
        }
        if (!policy.isTextual()) {
            return Optional.empty();
        }
        return switch (policy.asText()) {
            case "Background" -> Optional.of(Propagation.BACKGROUND);
            case "Foreground" -> Optional.of(Propagation.FOREGROUND);
            case "Orphan" -> Optional.of(Propagation.ORPHAN);
            default ->
                throw invalid(FieldError.notSupported(
                        "propagationPolicy", policy.asText(), List.of("Foreground", "Background", "Orphan", "nil")));
        };
    }

    private static boolean dryRun(ObjectNode body) {
        for (JsonNode value : body.path("dryRun")) {
            if (!value.asText().equals("All")) {
                throw invalid(FieldError.notSupported("dryRun", value.asText(), List.of("All")));
            }
        }
        return !body.path("dryRun").isEmpty();
    }

    private static ApiFailure invalid(FieldError problem) {
        return ApiFailure.invalidOptions("DeleteOptions", problem);
    }
}
