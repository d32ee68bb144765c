package dev.keelson.apiserver.registry.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.NodeLabelWarnings;
import java.util.List;
import java.util.Locale;

/** The declaration of StorageClasses. */
public final class StorageClassKind {
    private static final List<String> DEFAULT_MARKS =
            List.of("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");
    private static final List<String> FIXED = List.of("parameters", "provisioner", "reclaimPolicy");

    private StorageClassKind() {}

    /** Whether claims that name no class get this one. */
    public static boolean isDefault(ObjectNode storageClass) {
        return DEFAULT_MARKS.stream().anyMatch(mark -> Tree.at(storageClass, "metadata", "annotations")
                .path(mark)
                .asText()
                .equals("true"));
    }

    static ResourceDefinition definition() {
        return Declaration.clusterWide(StorageKinds.API_VERSION, "StorageClass", "storageclasses")
                .shortNames("sc")
                .columns(
                        new Column(
                                "Name",
                                "string",
                                "name",
                                "Name of the class.",
                                0,
                                (object, now) ->
                                        isDefault(object) ? Meta.name(object) + " (default)" : Meta.name(object)),
                        Columns.text("Provisioner", "Who makes its volumes.", "", "provisioner"),
                        Columns.text(
                                "ReclaimPolicy", "What happens to a volume without claim.", "Delete", "reclaimPolicy"),
                        Columns.text("VolumeBindingMode", "When volumes are made.", "Immediate", "volumeBindingMode"),
                        new Column(
                                "AllowVolumeExpansion",
                                "string",
                                "",
                                "Whether its volumes may grow.",
                                0,
                                (object, now) -> Tree.isTrue(object, "allowVolumeExpansion")),
                        Columns.age())
                .with(KindRules.none()
                        .defaulting(object -> {
                            Tree.setDefault(object, "reclaimPolicy", "Delete");
                            Tree.setDefault(object, "volumeBindingMode", "Immediate");
                        })
                        .checking(StorageClassKind::validate)
                        .checkingChange(StorageClassKind::validateChange)
                        .advising(NodeLabelWarnings::storageClass));
    }

    private static void validate(ObjectNode object, Problems problems) {
        if (!Tree.has(object, "provisioner")) {
            problems.required("provisioner", "");
        } else {
            NameRule.qualifiedNameProblem(Tree.text(object, "provisioner").toLowerCase(Locale.ROOT))
                    .ifPresent(words -> problems.invalid("provisioner", object.path("provisioner"), words));
        }
        object.path("parameters").properties().forEach(parameter -> {
            if (parameter.getKey().isEmpty()) {
                problems.invalid("parameters", parameter.getKey(), "field can not be empty.");
            }
        });
        problems.oneOf("reclaimPolicy", object.path("reclaimPolicy"), List.of("Delete", "Retain"));
        problems.oneOf(
                "volumeBindingMode", object.path("volumeBindingMode"), List.of("Immediate", "WaitForFirstConsumer"));
    }

    private static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        for (String field : FIXED) {
            if (!Tree.same(updated.path(field), old.path(field))) {
                problems.forbidden(field, "updates to " + field + " are forbidden.");
            }
        }
        problems.immutable("volumeBindingMode", updated.path("volumeBindingMode"), old.path("volumeBindingMode"));
    }
}
