package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.pod.PodDefaults;
import dev.keelson.apiserver.registry.pod.PodSpecRules;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelSelector;
import dev.keelson.apiserver.selector.SelectorException;
import java.util.List;

/** What the kinds share that run pods from a template. */
final class WorkloadRules {
    private static final String MISMATCH = "`selector` does not match template `labels`";

    private WorkloadRules() {}

    static void completeTemplate(ObjectNode spec) {
        Tree.object(spec, "template").ifPresent(template -> PodDefaults.apply(Tree.child(template, "spec")));
    }

    /** A count of the status, zero when it is not there. */
    static long count(ObjectNode object, String field) {
        return Tree.number(object, "status", field).orElse(0L);
    }

    static void validate(ObjectNode object, Problems problems) {
        JsonNode spec = object.path("spec");
        problems.notNegative("spec.replicas", spec.path("replicas"));
        problems.notNegative("spec.minReadySeconds", spec.path("minReadySeconds"));
        selector(spec, problems);
        template(spec.path("template"), problems);
    }

    private static void selector(JsonNode spec, Problems problems) {
        JsonNode selector = spec.path("selector");
        if (!selector.isObject()) {
            problems.required("spec.selector", "");
            return;
        }
        if (selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty()) {
            problems.invalid("spec.selector", selector, "empty selector is invalid for deployment");
            return;
        }
        LabelRules.selector(selector, "spec.selector", problems);
        JsonNode labels = Tree.at(spec, "template", "metadata", "labels");
        try {
            if (!LabelSelector.fromObject(selector).matches(labels)) {
                problems.invalid("spec.template.metadata.labels", labels, MISMATCH);
            }
        } catch (SelectorException bad) {
            problems.invalid("spec.selector", selector, bad.getMessage());
        }
    }

    private static void template(JsonNode template, Problems problems) {
        if (!template.isObject()) {
            problems.required("spec.template", "");
            return;
        }
        LabelRules.labels(Tree.at(template, "metadata", "labels"), "spec.template.metadata.labels", problems);
        LabelRules.annotations(
                Tree.at(template, "metadata", "annotations"), "spec.template.metadata.annotations", problems);
        PodSpecRules.validate(template.path("spec"), "spec.template.spec", problems);
        JsonNode restart = Tree.at(template, "spec", "restartPolicy");
        if (!restart.asText("Always").equals("Always")) {
            problems.notSupported("spec.template.spec.restartPolicy", restart, List.of("Always"));
        }
        if (Tree.has(template, "spec", "activeDeadlineSeconds")) {
            problems.forbidden(
                    "spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in ReplicaSet is not Supported");
        }
    }

    static void selectorIsImmutable(ObjectNode updated, ObjectNode old, Problems problems) {
        problems.immutable("spec.selector", Tree.at(updated, "spec", "selector"), Tree.at(old, "spec", "selector"));
    }
}
