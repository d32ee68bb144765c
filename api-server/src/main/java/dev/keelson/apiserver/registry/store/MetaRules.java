package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.ArrayList;
import java.util.List;

/** What holds for the metadata of every kind (apimachinery's {@code ValidateObjectMeta}). Pure. */
final class MetaRules {
    private MetaRules() {}

    static List<FieldError> validate(ResourceDefinition kind, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        nameErrors(kind, Meta.name(object), errors);
        JsonNode metadata = object.path("metadata");
        Problems problems = new Problems();
        LabelRules.labels(metadata.path("labels"), "metadata.labels", problems);
        LabelRules.annotations(metadata.path("annotations"), "metadata.annotations", problems);
        errors.addAll(problems.list());
        finalizerErrors(metadata.path("finalizers"), errors);
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

    private static void ownerErrors(JsonNode owners, List<FieldError> errors) {
        int controllers = 0;
        for (int i = 0; i < owners.size(); i++) {
            String path = "metadata.ownerReferences[" + i + "]";
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owners.get(i).path(field).asText("").isEmpty()) {
                    errors.add(FieldError.invalid(path + "." + field, "\"\"", field + " must not be empty"));
                }
            }
            controllers += owners.get(i).path("controller").asBoolean() ? 1 : 0;
        }
        if (controllers > 1) {
            errors.add(FieldError.invalid(
                    "metadata.ownerReferences",
                    owners.toString(),
                    "Only one reference can have Controller set to true"));
        }
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }
}
