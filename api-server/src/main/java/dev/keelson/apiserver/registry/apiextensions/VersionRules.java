package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.JsonPath;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Optional;

/** Validation of one version of a CustomResourceDefinition: schema, columns, subresources, selectable fields. */
final class VersionRules {
    private static final List<String> COLUMN_TYPES = List.of("boolean", "date", "integer", "number", "string");
    private static final List<String> COLUMN_FORMATS =
            List.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password");

    private VersionRules() {}

    static void check(Tree.Item version, ApprovedSchemas schemas, Problems problems) {
        JsonNode value = version.value();
        String path = version.path();
        if (problems.requireText(path, value, "name", "")) {
            problems.named(path + ".name", value.path("name"), NameRule.DNS_1035_LABEL);
        }
        if (Tree.has(value, "deprecationWarning") && !Tree.isTrue(value, "deprecated")) {
            problems.invalid(
                    path + ".deprecationWarning",
                    value.path("deprecationWarning"),
                    "can only be set for deprecated versions");
        }
        JsonNode schema = value.path("schema").path("openAPIV3Schema");
        if (schema.isObject()) {
            schemas.check(schema, path + ".schema.openAPIV3Schema", problems);
        } else {
            problems.required(path + ".schema.openAPIV3Schema", "schemas are required");
        }
        Tree.items(value.path("additionalPrinterColumns"), path + ".additionalPrinterColumns")
                .forEach(column -> column(column, problems));
        JsonNode scale = value.path("subresources").path("scale");
        if (scale.isObject()) {
            scale(scale, path + ".subresources.scale", problems);
        }
        SelectableFieldRules.check(
                value.path("selectableFields"), path + ".selectableFields", new Structural(schema), problems);
    }

    private static void column(Tree.Item column, Problems problems) {
        problems.requireText(column.path(), column.value(), "name", "");
        if (problems.requireText(column.path(), column.value(), "type", "must be one of " + words(COLUMN_TYPES))) {
            problems.oneOf(column.path() + ".type", column.value().path("type"), COLUMN_TYPES);
        }
        problems.oneOf(column.path() + ".format", column.value().path("format"), COLUMN_FORMATS);
        if (problems.requireText(column.path(), column.value(), "jsonPath", "")) {
            String given = Tree.text(column.value(), "jsonPath");
            JsonPath.problem(given).ifPresent(words -> problems.invalid(column.path() + ".jsonPath", given, words));
        }
    }

    private static void scale(JsonNode scale, String path, Problems problems) {
        fieldPath(scale, path, "specReplicasPath", true, List.of("spec"), problems);
        fieldPath(scale, path, "statusReplicasPath", true, List.of("status"), problems);
        fieldPath(scale, path, "labelSelectorPath", false, List.of("spec", "status"), problems);
    }

    private static void fieldPath(
            JsonNode scale, String path, String field, boolean required, List<String> below, Problems problems) {
        String given = Tree.text(scale, field);
        if (given.isEmpty()) {
            if (required) {
                problems.required(path + "." + field, "");
            }
            return;
        }
        Optional<List<String>> names = JsonPath.problem(given).isPresent()
                ? Optional.empty()
                : JsonPath.parse(given).plainFields();
        boolean fits = names.filter(list -> list.size() > 1 && below.contains(list.getFirst()))
                .isPresent();
        if (!fits) {
            problems.invalid(path + "." + field, given, "should be a json path under ." + String.join(" or .", below));
        }
    }

    private static String words(List<String> list) {
        return String.join(",", list);
    }
}
