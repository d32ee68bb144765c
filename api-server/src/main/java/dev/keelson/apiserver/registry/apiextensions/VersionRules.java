package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/**
 * Validation of the versions of a CustomResourceDefinition. What all of them say alike is judged once, at the path at
 * which the type of Kubernetes' own validation has it: {@code spec.validation}, {@code spec.subresources} and so on.
 */
record VersionRules(List<Tree.Item> versions, ApprovedSchemas schemas, Problems problems) {
    private static final int LONGEST_WARNING = 256;
    private static final String SCHEMA = "schema";
    private static final String SUBRESOURCES = "subresources";
    private static final String COLUMNS = "additionalPrinterColumns";
    private static final String SELECTABLE = "selectableFields";

    static VersionRules of(JsonNode versions, ApprovedSchemas schemas, Problems problems) {
        return new VersionRules(Tree.items(versions, "spec.versions").toList(), schemas, problems);
    }

    /** What each version says for itself. */
    void each() {
        for (Tree.Item version : versions) {
            if (!hasSchema(version.value())) {
                problems.required(version.path() + ".schema.openAPIV3Schema", "schemas are required");
            }
        }
        for (Tree.Item version : versions) {
            JsonNode value = version.value();
            String path = version.path();
            String name = Tree.text(value, "name");
            problems.invalid(path + ".name", name, NameRule.DNS_1035_LABEL.problems(name), ",");
            deprecation(value, path + ".deprecationWarning");
            if (!shared(SCHEMA)) {
                schema(value, path + ".schema", value.path(SUBRESOURCES).has("status"));
            }
            if (!shared(SUBRESOURCES)) {
                SubresourceRules.check(value.path(SUBRESOURCES), path + ".subresources", problems);
            }
            if (!shared(COLUMNS)) {
                ColumnRules.check(value.path(COLUMNS), path + ".additionalPrinterColumns", problems);
            }
            if (!shared(SCHEMA, SELECTABLE)) {
                selectable(value, path);
            }
        }
    }

    /** What all versions say. */
    void common() {
        if (versions.isEmpty()) {
            return;
        }
        JsonNode any = versions.getFirst().value();
        if (shared(SCHEMA)) {
            boolean status = versions.stream()
                    .anyMatch(version -> version.value().path(SUBRESOURCES).has("status"));
            schema(any, "spec.validation", status);
        }
        if (shared(SUBRESOURCES)) {
            SubresourceRules.check(any.path(SUBRESOURCES), "spec.subresources", problems);
        }
        if (shared(COLUMNS)) {
            ColumnRules.check(any.path(COLUMNS), "spec.additionalPrinterColumns", problems);
        }
        if (shared(SCHEMA, SELECTABLE)) {
            selectable(any, "spec");
        }
    }

    private boolean shared(String... parts) {
        JsonNode first = versions.getFirst().value();
        return versions.stream().allMatch(version -> List.of(parts).stream()
                .allMatch(part -> Tree.same(version.value().path(part), first.path(part))));
    }

    private static boolean hasSchema(JsonNode version) {
        return Tree.at(version, SCHEMA, "openAPIV3Schema").isObject();
    }

    private void schema(JsonNode version, String path, boolean status) {
        if (!hasSchema(version)) {
            return;
        }
        JsonNode schema = Tree.at(version, SCHEMA, "openAPIV3Schema");
        if (status) {
            RootSchemaRules.check(schema, path, problems);
        }
        schemas.check(schema, path + ".openAPIV3Schema", problems);
    }

    private void selectable(JsonNode version, String path) {
        if (hasSchema(version)) {
            Structural schema = new Structural(Tree.at(version, SCHEMA, "openAPIV3Schema"));
            SelectableFieldRules.check(version.path(SELECTABLE), path + ".selectableFields", schema, problems);
        }
    }

    private void deprecation(JsonNode version, String path) {
        JsonNode warning = version.path("deprecationWarning");
        if (!warning.isTextual()) {
            return;
        }
        if (!Tree.isTrue(version, "deprecated")) {
            problems.invalid(path, warning, "can only be set for deprecated versions");
            return;
        }
        String text = warning.textValue();
        if (text.length() > LONGEST_WARNING) {
            problems.invalid(path, warning, "must be <= 256 characters long");
        }
        if (text.isEmpty()) {
            problems.invalid(path, warning, "must not be an empty string");
        }
        text.chars().filter(Character::isISOControl).findFirst().ifPresent(control -> {
            problems.invalid(
                    path,
                    warning,
                    "must only contain printable UTF-8 characters; non-printable character found at index "
                            + text.indexOf(control));
        });
    }
}
