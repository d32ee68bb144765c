package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.rules.FinalizerNames;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What holds for the metadata of every kind (apimachinery's {@code ValidateObjectMeta}). Pure. */
final class MetaRules {
    private static final String OWNERS = "metadata.ownerReferences";

    /** Groups whose kinds are validated like custom ones in this. */
    private static final Set<String> ANY_FINALIZER = Set.of(
            "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "coordination.k8s.io");

    private MetaRules() {}

    /** What holds for a new object. */
    static List<FieldError> validateNew(ResourceDefinition kind, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        String base = object.path("metadata").path("generateName").asText("");
        if (!base.isEmpty()) {
            // Something is put behind it, so that it may end as no name may.
            kind.strategy()
                    .nameRule()
                    .problem(base.endsWith("-") ? base.substring(0, base.length() - 1) + "a" : base)
                    .ifPresent(words -> errors.add(FieldError.invalid("metadata.generateName", quoted(base), words)));
        }
        errors.addAll(validate(kind, object));
        return errors;
    }

    static List<FieldError> validate(ResourceDefinition kind, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        JsonNode metadata = object.path("metadata");
        nameErrors(kind, Meta.name(object), errors);
        Problems problems = new Problems();
        LabelRules.labels(metadata.path("labels"), "metadata.labels", problems);
        LabelRules.annotations(metadata.path("annotations"), "metadata.annotations", problems);
        errors.addAll(problems.list());
        finalizerErrors(metadata.path("finalizers"), errors);
        if (kind.strategy().isBuiltIn() && !ANY_FINALIZER.contains(kind.group())) {
            unqualifiedFinalizers(metadata.path("finalizers"), errors);
        }
        ownerErrors(metadata.path("ownerReferences"), errors);
        return errors;
    }

    /** Errors of a change, beside those of the new state. */
    static List<FieldError> validateUpdate(ObjectNode updated, ObjectNode old) {
        if (!Meta.deleting(old)) {
            return List.of();
        }
        List<String> known = texts(old.path("metadata").path("finalizers"));
        List<String> added = new ArrayList<>(texts(updated.path("metadata").path("finalizers")));
        added.removeAll(known);
        if (added.isEmpty()) {
            return List.of();
        }
        return List.of(FieldError.forbidden(
                "metadata.finalizers",
                "no new finalizers can be added if the object is being deleted, found new finalizers []string{\""
                        + String.join("\", \"", added) + "\"}"));
    }

    static List<String> texts(JsonNode array) {
        List<String> found = new ArrayList<>();
        array.forEach(item -> found.add(item.asText()));
        return found;
    }

    private static void nameErrors(ResourceDefinition kind, String name, List<FieldError> errors) {
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
            return;
        }
        kind.strategy()
                .nameRule()
                .problem(name)
                .ifPresent(words -> errors.add(FieldError.invalid("metadata.name", quoted(name), words)));
    }

    private static void finalizerErrors(JsonNode finalizers, List<FieldError> errors) {
        for (String finalizer : texts(finalizers)) {
            NameRule.qualifiedNameProblem(finalizer)
                    .ifPresent(
                            words -> errors.add(FieldError.invalid("metadata.finalizers", quoted(finalizer), words)));
        }
        List<String> all = texts(finalizers);
        if (all.contains("orphan") && all.contains("foregroundDeletion")) {
            errors.add(FieldError.invalid(
                    "metadata.finalizers",
                    finalizers.toString(),
                    "finalizer orphan and foregroundDeletion cannot be both set"));
        }
    }

    private static void unqualifiedFinalizers(JsonNode finalizers, List<FieldError> errors) {
        for (int i = 0; i < finalizers.size(); i++) {
            String field = "metadata.finalizers[" + i + "]";
            String finalizer = finalizers.get(i).asText();
            FinalizerNames.problem(finalizer)
                    .ifPresent(words -> errors.add(FieldError.invalid(field, quoted(finalizer), words)));
        }
    }

    private static void ownerErrors(JsonNode owners, List<FieldError> errors) {
        List<String> controllers = new ArrayList<>();
        for (JsonNode owner : owners) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.path(field).asText("").isEmpty()) {
                    String what = field.equals("apiVersion") ? "version" : field;
                    errors.add(FieldError.invalid(OWNERS + "." + field, "\"\"", what + " must not be empty"));
                }
            }
            boolean event = owner.path("kind").asText().equals("Event")
                    && owner.path("apiVersion").asText().equals("v1");
            if (event) {
                errors.add(FieldError.invalid(
                        OWNERS, owner.toString(), "/v1, Kind=Event is disallowed from being an owner"));
            }
            if (owner.path("controller").asBoolean()) {
                controllers.add(owner.path("name").asText());
            }
        }
        if (controllers.size() > 1) {
            errors.add(FieldError.invalid(
                    OWNERS,
                    owners.toString(),
                    "Only one reference can have Controller set to true. Found \"true\" in references for %s and %s"
                            .formatted(controllers.get(0), controllers.get(1))));
        }
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }
}
