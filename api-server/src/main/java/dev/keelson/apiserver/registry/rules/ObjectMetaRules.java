package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.ArrayList;
import java.util.List;

/**
 * Validation of metadata, that of an object or of a resource inside one (apimachinery's {@code ValidateObjectMeta}).
 *
 * @param metadata an ObjectMeta
 * @param path at which it stands
 */
public record ObjectMetaRules(JsonNode metadata, String path, Problems problems) {

    /** What a name is generated from: something is put behind it, so that it may end as no name may. */
    public void generateName(NameRule rule) {
        String base = Tree.text(metadata, "generateName");
        if (!base.isEmpty()) {
            rule.problems(base.endsWith("-") ? base.substring(0, base.length() - 1) + "a" : base)
                    .forEach(words -> problems.invalid(path + ".generateName", base, words));
        }
    }

    public void name(NameRule rule) {
        String name = Tree.text(metadata, "name");
        if (name.isEmpty()) {
            problems.required(path + ".name", "name or generateName is required");
            return;
        }
        rule.problems(name).forEach(words -> problems.invalid(path + ".name", name, words));
    }

    /** What does not depend on the kind. */
    public void rest() {
        LabelRules.labels(metadata.path("labels"), path + ".labels", problems);
        LabelRules.annotations(metadata.path("annotations"), path + ".annotations", problems);
        owners(metadata.path("ownerReferences"), path + ".ownerReferences");
        finalizers(metadata.path("finalizers"), path + ".finalizers");
    }

    private void owners(JsonNode owners, String at) {
        List<String> controllers = new ArrayList<>();
        for (JsonNode owner : owners) {
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.path(field).asText("").isEmpty()) {
                    String what = field.equals("apiVersion") ? "version" : field;
                    problems.invalid(at + "." + field, "", what + " must not be empty");
                }
            }
            if (Tree.text(owner, "kind").equals("Event")
                    && Tree.text(owner, "apiVersion").equals("v1")) {
                problems.invalid(at, owner, "/v1, Kind=Event is disallowed from being an owner");
            }
            if (Tree.isTrue(owner, "controller")) {
                controllers.add(Tree.text(owner, "name"));
            }
        }
        if (controllers.size() > 1) {
            problems.invalid(
                    at,
                    owners,
                    "Only one reference can have Controller set to true. Found \"true\" in references for %s and %s"
                            .formatted(controllers.get(0), controllers.get(1)));
        }
    }

    private void finalizers(JsonNode finalizers, String at) {
        List<String> all = Tree.texts(finalizers);
        for (String finalizer : all) {
            LabelNames.keyProblems(finalizer).forEach(words -> problems.invalid(at, finalizer, words));
        }
        if (all.contains("orphan") && all.contains("foregroundDeletion")) {
            problems.invalid(at, finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }
}
