package dev.keelson.apiserver.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.rules.FinalizerNames;
import dev.keelson.apiserver.registry.rules.ObjectMetaRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What holds for the metadata of every kind (apimachinery's {@code ValidateObjectMeta}). Pure. */
final class MetaRules {
    /** Groups whose kinds are validated like custom ones in this. */
    private static final Set<String> ANY_FINALIZER = Set.of(
            "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "coordination.k8s.io");

    private MetaRules() {}

    /** What holds for a new object. */
    static List<FieldError> validateNew(ResourceDefinition kind, ObjectNode object) {
        Problems problems = new Problems();
        of(object, problems).generateName(kind.strategy().nameRule());
        problems.addAll(validate(kind, object));
        return problems.list();
    }

    static List<FieldError> validate(ResourceDefinition kind, ObjectNode object) {
        Problems problems = new Problems();
        ObjectMetaRules rules = of(object, problems);
        rules.name(kind.strategy().nameRule());
        rules.rest();
        if (kind.strategy().isBuiltIn() && !ANY_FINALIZER.contains(kind.group())) {
            unqualifiedFinalizers(rules.metadata().path("finalizers"), problems);
        }
        return problems.list();
    }

    private static ObjectMetaRules of(ObjectNode object, Problems problems) {
        return new ObjectMetaRules(object.path("metadata"), "metadata", problems);
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

    private static void unqualifiedFinalizers(JsonNode finalizers, Problems problems) {
        Tree.items(finalizers, "metadata.finalizers")
                .forEach(item -> FinalizerNames.problem(item.value().asText())
                        .ifPresent(words -> problems.invalid(item.path(), item.value(), words)));
    }
}
