package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.selector.LabelNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What holds for the metadata of every kind (apimachinery's {@code ValidateObjectMeta}). Pure. */
final class MetaRules {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private MetaRules() {}

    static List<FieldError> validate(ResourceDefinition kind, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        nameErrors(kind, Meta.name(object), errors);
        JsonNode metadata = object.path("metadata");
        labelErrors(metadata.path("labels"), errors);
        annotationErrors(metadata.path("annotations"), errors);
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

    private static void labelErrors(JsonNode labels, List<FieldError> errors) {
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            keyErrors("metadata.labels", label.getKey(), errors);
            String value = label.getValue().asText();
            LabelNames.valueProblem(value)
                    .ifPresent(words -> errors.add(FieldError.invalid("metadata.labels", quoted(value), words)));
        }
    }

    private static void annotationErrors(JsonNode annotations, List<FieldError> errors) {
        long size = 0;
        for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
            // Kubernetes judges annotation keys without regard to case.
            keyErrors("metadata.annotations", annotation.getKey(), errors);
            size += utf8Length(annotation.getKey())
                    + utf8Length(annotation.getValue().asText());
        }
        if (size > ANNOTATIONS_LIMIT) {
            errors.add(new FieldError(
                    FieldError.Type.TOO_LONG,
                    "metadata.annotations",
                    "",
                    "may not be more than " + ANNOTATIONS_LIMIT + " bytes"));
        }
    }

    private static void keyErrors(String field, String key, List<FieldError> errors) {
        String judged = field.equals("metadata.annotations") ? key.toLowerCase(Locale.ROOT) : key;
        LabelNames.keyProblem(judged).ifPresent(words -> errors.add(FieldError.invalid(field, quoted(key), words)));
    }

    private static void finalizerErrors(JsonNode finalizers, List<FieldError> errors) {
        for (String finalizer : texts(finalizers)) {
            LabelNames.keyProblem(finalizer)
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

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }
}
