package dev.keelson.apiserver.registry.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.CsiNames;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** The declaration of VolumeAttachments. */
final class VolumeAttachmentKind {
    private static final int LONGEST_MESSAGE = 1024;

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
                        .checkingNew(VolumeAttachmentKind::validateNew)
                        .checkingChange((updated, old, problems) ->
                                problems.immutable("spec", updated.path("spec"), old.path("spec"))));
    }

    private static void validate(ObjectNode attachment, Problems problems) {
        JsonNode spec = attachment.path("spec");
        problems.requireText("spec", spec, "attacher", "");
        source(spec.path("source"), problems);
        String node = Tree.text(spec, "nodeName");
        NameRule.DNS_SUBDOMAIN.problems(node).forEach(words -> problems.invalid("spec.nodeName", node, words));
        for (String error : List.of("attachError", "detachError")) {
            if (LabelRules.bytes(Tree.text(attachment, "status", error, "message")) > LONGEST_MESSAGE) {
                problems.tooLong("status." + error + ".message", LONGEST_MESSAGE);
            }
        }
    }

    /** What only {@code v1} asks of a new one. */
    private static void validateNew(ObjectNode attachment, Problems problems) {
        CsiNames.driver(Tree.text(attachment, "spec", "attacher"), "spec.attacher", problems);
        JsonNode volume = Tree.at(attachment, "spec", "source", "persistentVolumeName");
        problems.named("spec.source.persistentVolumeName", volume, NameRule.DNS_SUBDOMAIN);
    }

    private static void source(JsonNode source, Problems problems) {
        boolean byName = source.path("persistentVolumeName").isTextual();
        boolean inline = source.path("inlineVolumeSpec").isObject();
        if (!byName && !inline) {
            problems.required("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (byName && inline) {
            problems.forbidden("spec.source", "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (byName) {
            problems.requireText(
                    "spec.source", source, "persistentVolumeName", "must specify non empty persistentVolumeName");
        }
    }
}
