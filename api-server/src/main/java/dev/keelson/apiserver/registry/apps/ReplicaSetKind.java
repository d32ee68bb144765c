package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.ReplicaCounts;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.WorkloadWarnings;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The declaration of ReplicaSets. */
final class ReplicaSetKind {
    private ReplicaSetKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.withStatus()
                .counting("spec")
                .creating(object -> Tree.child(object, "status").put("replicas", 0))
                .defaulting(ReplicaSetKind::complete)
                .checking((object, problems) -> WorkloadRules.validate(object, "deployment", problems))
                .checkingChange(WorkloadRules::selectorIsImmutable)
                .checkingStatus(new ReplicaCounts(List.of("fullyLabeledReplicas"), List.of()))
                .advising(WorkloadWarnings::namesPods)
                .advising(WorkloadWarnings.templateAt("spec.template"));
        return new ResourceDefinition(
                "apps",
                "v1",
                "ReplicaSet",
                "replicasets",
                "replicaset",
                List.of("rs"),
                List.of("all"),
                true,
                Set.of(Subresource.STATUS, Subresource.SCALE),
                rules,
                columns(),
                Set.of());
    }

    private static void complete(ObjectNode replicaSet) {
        ObjectNode spec = Tree.child(replicaSet, "spec");
        Tree.setDefault(spec, "replicas", 1);
        TemplateRules.complete(spec);
    }

    private static List<Column> columns() {
        return Stream.concat(
                        Stream.of(
                                Columns.integer("Desired", "Pods that are wanted.", object -> Tree.number(
                                                object, "spec", "replicas")
                                        .orElse(1L)),
                                Columns.integer(
                                        "Current", "Pods that exist.", object -> StatusRules.count(object, "replicas")),
                                Columns.integer(
                                        "Ready",
                                        "Pods that are ready.",
                                        object -> StatusRules.count(object, "readyReplicas")),
                                Columns.age()),
                        Columns.template().stream())
                .toList();
    }
}
