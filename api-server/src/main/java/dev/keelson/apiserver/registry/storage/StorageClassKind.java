package dev.keelson.apiserver.registry.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.NodeLabelWarnings;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The declaration of StorageClasses. */
public final class StorageClassKind {
    private static final List<String> DEFAULT_MARKS =
            List.of("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");
    private static final List<String> FIXED = List.of("parameters", "provisioner", "reclaimPolicy");

    private static final int MOST_PARAMETERS = 512;
    private static final int LARGEST_PARAMETERS = 256 * 1024;

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
            LabelNames.keyProblems(Tree.text(object, "provisioner").toLowerCase(Locale.ROOT))
                    .forEach(words -> problems.invalid("provisioner", object.path("provisioner"), words));
        }
        parameters(object.path("parameters"), problems);
        problems.oneOf("reclaimPolicy", object.path("reclaimPolicy"), List.of("Delete", "Retain"));
        problems.oneOf(
                "volumeBindingMode", object.path("volumeBindingMode"), List.of("Immediate", "WaitForFirstConsumer"));
        topologies(object.path("allowedTopologies"), problems);
    }

    private static void parameters(JsonNode parameters, Problems problems) {
        if (parameters.size() > MOST_PARAMETERS) {
            problems.tooLong("parameters", MOST_PARAMETERS);
            return;
        }
        int size = 0;
        for (var parameter : parameters.properties()) {
            if (parameter.getKey().isEmpty()) {
                problems.invalid("parameters", parameter.getKey(), "field can not be empty.");
            }
            size += LabelRules.bytes(parameter.getKey())
                    + LabelRules.bytes(parameter.getValue().asText());
        }
        if (size > LARGEST_PARAMETERS) {
            problems.tooLong("parameters", LARGEST_PARAMETERS);
        }
    }

    /** Where its volumes may be; Kubernetes leaves the number of the term out of the path. */
    private static void topologies(JsonNode terms, Problems problems) {
        Set<Map<String, Set<String>>> seen = new HashSet<>();
        Tree.items(terms, "allowedTopologies").forEach(term -> {
            Map<String, Set<String>> values = new HashMap<>();
            Tree.items(term.value().path("matchLabelExpressions"), "allowedTopologies.matchLabelExpressions")
                    .forEach(expression -> topology(expression, values, problems));
            if (!seen.add(values)) {
                problems.duplicateShown(term.path() + ".matchLabelExpressions", "\"\"", "");
            }
        });
    }

    private static void topology(Tree.Item item, Map<String, Set<String>> seen, Problems problems) {
        JsonNode expression = item.value();
        if (expression.path("values").isEmpty()) {
            problems.required(item.path() + ".values", "");
        }
        Set<String> values = new HashSet<>();
        Tree.items(expression.path("values"), item.path() + ".values")
                .filter(value -> !values.add(value.value().asText()))
                .forEach(value -> problems.duplicate(value.path(), value.value()));
        String key = Tree.text(expression, "key");
        LabelNames.keyProblems(key).forEach(words -> problems.invalid(item.path() + ".key", key, words));
        if (seen.put(key, values) != null) {
            problems.duplicate(item.path() + ".key", expression.path("key"));
        }
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
