package dev.keelson.apiserver.registry.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.pod.VolumeDefaults;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.VolumeWarnings;
import java.util.List;

/** The declaration of PersistentVolumes. */
final class PersistentVolumeKind {
    private PersistentVolumeKind() {}

    static ResourceDefinition definition() {
        return Declaration.clusterWide("v1", "PersistentVolume", "persistentvolumes")
                .shortNames("pv")
                .subresources(Subresource.STATUS)
                .columns(columns())
                .with(KindRules.withStatus()
                        .defaulting(PersistentVolumeKind::complete)
                        .creating(volume -> Tree.child(volume, "status").put("phase", "Pending"))
                        .checking(PersistentVolumeRules::validate)
                        .checkingChange(PersistentVolumeRules::validateChange)
                        .writing(
                                "status",
                                (updated, old) -> Tree.setDefault(Tree.child(updated, "status"), "phase", "Pending"),
                                (updated, old, problems) -> {})
                        .advising(VolumeWarnings::volume));
    }

    private static void complete(ObjectNode volume) {
        ObjectNode spec = Tree.child(volume, "spec");
        Tree.setDefault(spec, "persistentVolumeReclaimPolicy", "Retain");
        Tree.setDefault(spec, "volumeMode", "Filesystem");
        VolumeDefaults.completeSources(spec);
    }

    private static List<Column> columns() {
        return List.of(
                Columns.text("Capacity", "How much fits in.", "0", "spec", "capacity", "storage"),
                Columns.text(
                        "Access Modes",
                        "How it may be mounted.",
                        volume -> AccessModes.brief(Tree.at(volume, "spec", "accessModes"))),
                Columns.text(
                        "Reclaim Policy",
                        "What happens to it when its claim is gone.",
                        "",
                        "spec",
                        "persistentVolumeReclaimPolicy"),
                Columns.text(
                        "Status",
                        "Whether it is bound to a claim.",
                        volume -> Meta.deleting(volume) ? "Terminating" : Tree.text(volume, "status", "phase")),
                Columns.text("Claim", "The claim it is bound to.", PersistentVolumeKind::claim),
                Columns.text("StorageClass", "Its class.", volume -> className(volume)),
                Columns.text(
                        "VolumeAttributesClass",
                        "Its class of attributes.",
                        "<unset>",
                        "spec",
                        "volumeAttributesClassName"),
                Columns.text("Reason", "Why it is in this state.", "", "status", "reason"),
                Columns.age(),
                Columns.wide("VolumeMode", "Whether pods see files or a device.", PersistentVolumeKind::mode));
    }

    static String mode(ObjectNode object) {
        return Tree.at(object, "spec", "volumeMode").asText("<unset>");
    }

    private static String claim(ObjectNode volume) {
        JsonNode claim = Tree.at(volume, "spec", "claimRef");
        return claim.isObject() ? Tree.text(claim, "namespace") + "/" + Tree.text(claim, "name") : "";
    }

    /** An annotation was the first way to say it and still wins. */
    static String className(ObjectNode object) {
        String annotated =
                Tree.text(Tree.at(object, "metadata", "annotations"), "volume.beta.kubernetes.io/storage-class");
        return annotated.isEmpty() ? Tree.text(object, "spec", "storageClassName") : annotated;
    }
}
