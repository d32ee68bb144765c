package dev.keelson.apiserver.registry.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;

/** The declaration of VolumeAttachments. */
final class VolumeAttachmentKind {
    private VolumeAttachmentKind() {}

    static ResourceDefinition definition() {
        return Declaration.clusterWide(StorageKinds.API_VERSION, "VolumeAttachment", "volumeattachments")
                .subresources(Subresource.STATUS)
                .columns(
                        new Column(
                                "Attacher",
                                "string",
                                "name",
                                "Who attaches it.",
                                0,
                                (object, now) -> Tree.text(object, "spec", "attacher")),
                        Columns.text("PV", "The volume.", "", "spec", "source", "persistentVolumeName"),
                        Columns.text("Node", "Where to.", "", "spec", "nodeName"),
                        Columns.flag(
                                "Attached",
                                "Whether it is attached.",
                                object -> Tree.isTrue(object, "status", "attached")),
                        Columns.age())
                .with(KindRules.withStatus()
                        .creating(object -> Tree.child(object, "status").put("attached", false))
                        .checking(VolumeAttachmentKind::validate)
                        .checkingChange((updated, old, problems) ->
                                problems.immutable("spec", updated.path("spec"), old.path("spec"))));
    }

    private static void validate(ObjectNode attachment, Problems problems) {
        JsonNode spec = attachment.path("spec");
        problems.requireText("spec", spec, "attacher", "");
        problems.requireText("spec", spec, "nodeName", "");
        boolean byName = Tree.has(spec, "source", "persistentVolumeName");
        boolean inline = Tree.at(spec, "source", "inlineVolumeSpec").isObject();
        if (!byName && !inline) {
            problems.required("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (byName && inline) {
            problems.forbidden("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        }
    }
}
