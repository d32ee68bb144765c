package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.ReplicaCounts;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.volume.VolumeKinds;
import dev.keelson.apiserver.registry.warnings.WorkloadWarnings;
import java.util.List;

/** The declaration of StatefulSets. */
final class StatefulSetKind {
    private StatefulSetKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("apps/v1", "StatefulSet", "statefulsets")
                .shortNames("sts")
                .categories("all")
                .subresources(Subresource.STATUS, Subresource.SCALE)
                .columns(
                        Columns.text("Ready", "How many pods are ready, of how many wanted.", StatefulSetKind::ready),
                        Columns.age(),
                        Columns.containers("spec", "template"),
                        Columns.images("spec", "template"))
                .with(KindRules.withStatus()
                        .named(NameRule.DNS_LABEL)
                        .counting("spec")
                        .creating(object ->
                                Tree.child(object, "status").put("replicas", 0).put("availableReplicas", 0))
                        .defaulting(StatefulSetKind::complete)
                        .checking(StatefulSetRules::validate)
                        .checkingChange(StatefulSetRules::validateChange)
                        .checkingStatus(new ReplicaCounts(List.of("currentReplicas", "updatedReplicas"), List.of()))
                        .advising(WorkloadWarnings::statefulSet));
    }

    private static void complete(ObjectNode set) {
        ObjectNode spec = Tree.child(set, "spec");
        Tree.setDefault(spec, "podManagementPolicy", "OrderedReady");
        ObjectNode strategy = Tree.child(spec, "updateStrategy");
        Tree.setDefault(strategy, "type", "RollingUpdate");
        if (Tree.text(strategy, "type").equals("RollingUpdate")) {
            Tree.setDefault(Tree.child(strategy, "rollingUpdate"), "partition", 0);
        }
        ObjectNode retention = Tree.child(spec, "persistentVolumeClaimRetentionPolicy");
        Tree.setDefault(retention, "whenDeleted", "Retain");
        Tree.setDefault(retention, "whenScaled", "Retain");
        Tree.setDefault(spec, "replicas", 1);
        Tree.setDefault(spec, "revisionHistoryLimit", 10);
        TemplateRules.complete(spec);
        for (ObjectNode claim : Tree.objects(spec, "volumeClaimTemplates")) {
            Tree.setDefault(claim, "apiVersion", "v1");
            Tree.setDefault(claim, "kind", "PersistentVolumeClaim");
            VolumeKinds.completeClaim(claim);
            Tree.setDefault(Tree.child(claim, "status"), "phase", "Pending");
        }
    }

    private static String ready(ObjectNode set) {
        long wanted = Tree.number(set, "spec", "replicas").orElse(1L);
        return StatusRules.count(set, "readyReplicas") + "/" + wanted;
    }
}
