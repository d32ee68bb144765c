package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelSelector;
import dev.keelson.apiserver.selector.SelectorException;

/** What the kinds share that run pods from a template. */
final class WorkloadRules {
    private WorkloadRules() {}

    /** @param word the kind as Kubernetes' messages name it: a ReplicaSet is a deployment there */
    static void validate(ObjectNode object, String word, Problems problems) {
        JsonNode spec = object.path("spec");
        problems.notNegative("spec.replicas", spec.path("replicas"));
        problems.notNegative("spec.minReadySeconds", spec.path("minReadySeconds"));
        selector(spec, word, problems);
        JsonNode template = spec.path("template");
        if (word.equals("statefulset") && template.isObject()) {
            // Mounts of its claims are no volumes of the template; as in Kubernetes, the pods themselves are judged.
            TemplateRules.validateMetadata(template, "spec.template", problems);
        } else {
            TemplateRules.validate(template, "spec.template", problems);
        }
        if (template.isObject()) {
            TemplateRules.mustRunForever(
                    template, "spec.template", object.path("kind").asText("ReplicaSet"), problems);
        }
    }

    private static void selector(JsonNode spec, String word, Problems problems) {
        JsonNode selector = spec.path("selector");
        JsonNode labels = Tree.at(spec, "template", "metadata", "labels");
        if (!selector.isObject()) {
            if (word.equals("daemonset")) {
                problems.invalidShown("spec.template.metadata.labels", GoSyntax.texts(labels), TemplateRules.MISMATCH);
            } else {
                problems.required("spec.selector", "");
            }
            return;
        }
        if (selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty()) {
            problems.invalidShown(
                    "spec.selector", GoSyntax.labelSelector(selector), "empty selector is invalid for " + word);
            return;
        }
        LabelRules.selector(selector, "spec.selector", problems);
        try {
            if (!LabelSelector.fromObject(selector).matches(labels)) {
                problems.invalidShown("spec.template.metadata.labels", GoSyntax.texts(labels), TemplateRules.MISMATCH);
            }
        } catch (SelectorException bad) {
            problems.invalidShown("spec.selector", GoSyntax.labelSelector(selector), bad.getMessage());
        }
    }

    static void selectorIsImmutable(ObjectNode updated, ObjectNode old, Problems problems) {
        problems.immutableSelector(
                "spec.selector", Tree.at(updated, "spec", "selector"), Tree.at(old, "spec", "selector"));
    }
}
