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

/** The declaration of Deployments. */
final class DeploymentKind {
    private DeploymentKind() {}

    static ResourceDefinition definition() {
        KindRules rules = KindRules.withStatus()
                .counting("spec", "metadata.annotations")
                .defaulting(DeploymentKind::complete)
                .checking(DeploymentRules::validate)
                .checkingChange(WorkloadRules::selectorIsImmutable)
                .checkingStatus(new ReplicaCounts(List.of("updatedReplicas"), List.of("unavailableReplicas")))
                .advising(WorkloadWarnings::namesPods)
                .advising(WorkloadWarnings.templateAt("spec.template"));
        return new ResourceDefinition(
                "apps",
                "v1",
                "Deployment",
                "deployments",
                "deployment",
                List.of("deploy"),
                List.of("all"),
                true,
                Set.of(Subresource.STATUS, Subresource.SCALE),
                rules,
                columns(),
                Set.of());
    }

    private static void complete(ObjectNode deployment) {
        ObjectNode spec = Tree.child(deployment, "spec");
        Tree.setDefault(spec, "replicas", 1);
        Tree.setDefault(spec, "revisionHistoryLimit", 10);
        Tree.setDefault(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Tree.child(spec, "strategy");
        Tree.setDefault(strategy, "type", "RollingUpdate");
        if (Tree.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Tree.child(strategy, "rollingUpdate");
            Tree.setDefault(rolling, "maxUnavailable", "25%");
            Tree.setDefault(rolling, "maxSurge", "25%");
        }
        TemplateRules.complete(spec);
    }

    private static List<Column> columns() {
        return Stream.concat(
                        Stream.of(
                                Columns.text(
                                        "Ready", "How many pods are ready, of how many wanted.", DeploymentKind::ready),
                                Columns.integer(
                                        "Up-to-date",
                                        "Pods that run the current template.",
                                        object -> StatusRules.count(object, "updatedReplicas")),
                                Columns.integer(
                                        "Available",
                                        "Pods that have been ready for minReadySeconds.",
                                        object -> StatusRules.count(object, "availableReplicas")),
                                Columns.age()),
                        Columns.template().stream())
                .toList();
    }

    private static String ready(ObjectNode deployment) {
        long wanted = Tree.number(deployment, "spec", "replicas").orElse(1L);
        return StatusRules.count(deployment, "readyReplicas") + "/" + wanted;
    }
}
