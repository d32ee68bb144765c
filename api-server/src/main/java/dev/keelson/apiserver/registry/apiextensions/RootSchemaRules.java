package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the root of a schema may say when the status is written by itself: nothing that would be lost when the schema of
 * the status is taken out of it.
 */
final class RootSchemaRules {
    /** Names of Go's fields, as Kubernetes lists them. */
    private static final List<String> ALLOWED = List.of(
            "Description",
            "Type",
            "Format",
            "Title",
            "Maximum",
            "ExclusiveMaximum",
            "Minimum",
            "ExclusiveMinimum",
            "MaxLength",
            "MinLength",
            "Pattern",
            "MaxItems",
            "MinItems",
            "UniqueItems",
            "MultipleOf",
            "Required",
            "Items",
            "Properties",
            "ExternalDocs",
            "Example",
            "XPreserveUnknownFields",
            "XValidations");

    private static final Map<String, String> EXTENSIONS = Map.of(
            "x-kubernetes-preserve-unknown-fields", "XPreserveUnknownFields",
            "x-kubernetes-validations", "XValidations");

    private RootSchemaRules() {}

    static void check(JsonNode schema, String path, Problems problems) {
        String type = Tree.text(schema, "type");
        if (!type.isEmpty() && !type.equals("object")) {
            problems.invalid(
                    path + ".openAPIV3Schema.type",
                    type,
                    "only \"object\" is allowed as the type at the root of the schema if the status subresource is"
                            + " enabled");
        }
        boolean more = schema.propertyStream()
                .anyMatch(field -> Tree.isSaid(field.getValue()) && !ALLOWED.contains(goName(field.getKey())));
        if (more) {
            problems.invalid(
                    path + ".openAPIV3Schema",
                    schema,
                    "only [%s] fields are allowed at the root of the schema if the status subresource is enabled"
                            .formatted(String.join(" ", ALLOWED)));
        }
    }

    private static String goName(String field) {
        return EXTENSIONS.getOrDefault(
                field,
                field.substring(0, Math.min(1, field.length())).toUpperCase(Locale.ROOT)
                        + field.substring(Math.min(1, field.length())));
    }
}
