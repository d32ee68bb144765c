package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.Selectors;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.ReplicaCounts;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.WorkloadWarnings;
import java.util.List;

/** The declaration of ReplicationControllers, which ReplicaSets replaced: their selector is a plain map. */
final class ReplicationControllerKind {
    private ReplicationControllerKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("v1", "ReplicationController", "replicationcontrollers")
                .shortNames("rc")
                .categories("all")
                .subresources(Subresource.STATUS, Subresource.SCALE)
                .columns(columns())
                .selectable("status.replicas")
                .with(KindRules.withStatus()
                        .counting("spec")
                        .creating(object -> Tree.child(object, "status").put("replicas", 0))
                        .defaulting(ReplicationControllerKind::complete)
                        .checking(ReplicationControllerKind::validate)
                        .checkingStatus(new ReplicaCounts(List.of("fullyLabeledReplicas"), List.of()))
                        .advising(WorkloadWarnings::namesPods)
                        .advising(WorkloadWarnings.templateAt("template")));
    }

    /** Labels and selector are those of the template when nothing else is said. */
    private static void complete(ObjectNode controller) {
        ObjectNode spec = Tree.child(controller, "spec");
        Tree.setDefault(spec, "replicas", 1);
        TemplateRules.complete(spec);
        Tree.object(spec, "template", "metadata", "labels").ifPresent(labels -> {
            if (spec.path("selector").isEmpty()) {
                spec.set("selector", labels.deepCopy());
            }
            ObjectNode metadata = Tree.child(controller, "metadata");
            if (metadata.path("labels").isEmpty()) {
                metadata.set("labels", labels.deepCopy());
            }
        });
    }

    private static void validate(ObjectNode controller, Problems problems) {
        JsonNode spec = controller.path("spec");
        problems.notNegative("spec.minReadySeconds", spec.path("minReadySeconds"));
        problems.notNegative("spec.replicas", spec.path("replicas"));
        JsonNode selector = spec.path("selector");
        if (selector.isEmpty()) {
            problems.required("spec.selector", "");
        }
        LabelRules.labels(selector, "spec.selector", problems);
        JsonNode template = spec.path("template");
        TemplateRules.validate(template, "spec.template", problems);
        if (template.isObject()) {
            JsonNode labels = Tree.at(template, "metadata", "labels");
            boolean matches = selector.properties().stream()
                    .allMatch(label -> label.getValue().equals(labels.path(label.getKey())));
            if (!matches) {
                problems.invalidShown("spec.template.metadata.labels", GoSyntax.texts(labels), TemplateRules.MISMATCH);
            }
            TemplateRules.mustRunForever(template, "spec.template", "ReplicationController", problems);
        }
    }

    private static List<Column> columns() {
        return List.of(
                Columns.integer("Desired", "Pods that are wanted.", object -> Tree.number(object, "spec", "replicas")
                        .orElse(1L)),
                Columns.count("Current", "Pods that exist.", "replicas"),
                Columns.count("Ready", "Pods that are ready.", "readyReplicas"),
                Columns.age(),
                Columns.containers("spec", "template"),
                Columns.images("spec", "template"),
                Columns.wide(
                        "Selector",
                        "Labels that the object's pods have.",
                        object -> Selectors.formatMap(Tree.at(object, "spec", "selector"))));
    }
}
