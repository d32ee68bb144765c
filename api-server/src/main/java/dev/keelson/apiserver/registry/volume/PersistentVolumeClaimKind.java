package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.VolumeWarnings;
import java.util.List;

/** The declaration of PersistentVolumeClaims. */
final class PersistentVolumeClaimKind {
    private PersistentVolumeClaimKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("v1", "PersistentVolumeClaim", "persistentvolumeclaims")
                .shortNames("pvc")
                .subresources(Subresource.STATUS)
                .columns(columns())
                .with(KindRules.withStatus()
                        .defaulting(PersistentVolumeClaimKind::complete)
                        .creating(claim -> Tree.child(claim, "status").put("phase", "Pending"))
                        .checking(PersistentVolumeClaimRules::validate)
                        .checkingChange(PersistentVolumeClaimRules::validateChange)
                        .writing(
                                "status",
                                (updated, old) -> Tree.setDefault(Tree.child(updated, "status"), "phase", "Pending"),
                                PersistentVolumeClaimRules::validateStatus)
                        .advising(VolumeWarnings::claim));
    }

    static void complete(ObjectNode claim) {
        ObjectNode spec = Tree.child(claim, "spec");
        Tree.setDefault(spec, "volumeMode", "Filesystem");
        sameSource(spec, "dataSource", "dataSourceRef");
        // A reference into another namespace has no form in the older field.
        if (!Tree.has(spec, "dataSourceRef", "namespace")) {
            sameSource(spec, "dataSourceRef", "dataSource");
        }
    }

    private static void sameSource(ObjectNode spec, String from, String to) {
        Tree.object(spec, from)
                .filter(source -> !spec.path(to).isObject())
                .ifPresent(source -> spec.set(to, source.deepCopy()));
    }

    private static List<Column> columns() {
        return List.of(
                Columns.text(
                        "Status",
                        "Whether it is bound to a volume.",
                        claim -> Meta.deleting(claim) ? "Terminating" : Tree.text(claim, "status", "phase")),
                Columns.text("Volume", "The volume it is bound to.", "", "spec", "volumeName"),
                Columns.text(
                        "Capacity",
                        "How much fits into the volume.",
                        claim -> bound(claim)
                                ? Tree.at(claim, "status", "capacity", "storage")
                                        .asText("0")
                                : ""),
                Columns.text(
                        "Access Modes",
                        "How the volume may be mounted.",
                        claim -> bound(claim) ? AccessModes.brief(Tree.at(claim, "status", "accessModes")) : ""),
                Columns.text("StorageClass", "The class that is asked for.", PersistentVolumeKind::className),
                Columns.text(
                        "VolumeAttributesClass",
                        "The class of attributes that is asked for.",
                        "<unset>",
                        "spec",
                        "volumeAttributesClassName"),
                Columns.age(),
                Columns.wide(
                        "VolumeMode",
                        "Whether pods see files or a device.",
                        claim -> PersistentVolumeKind.mode(claim)));
    }

    private static boolean bound(JsonNode claim) {
        return Tree.has(claim, "spec", "volumeName");
    }
}
