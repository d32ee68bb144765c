package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a schema of a CustomResourceDefinition must be: structural, with defaults that are valid, and free of what the
 * API server does not support. The words are those of apiextensions.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">
 *     Structural schemas</a>
 */
public final class SchemaRules {
    private static final List<String> NOT_SUPPORTED =
            List.of("id", "$schema", "$ref", "patternProperties", "dependencies", "additionalItems", "definitions");

    private SchemaRules() {}

    /** Judges a whole schema; answers which of its parts expressions can be judged for, because nothing else is wrong. */
    public static Predicate<Structural> check(JsonNode openApiV3Schema, String path, Problems problems) {
        Structural root = new Structural(openApiV3Schema);
        int before = problems.count();
        if (root.nullable()) {
            problems.forbidden(path + ".nullable", "nullable cannot be true at the root");
        }
        Optional<String> unfit = unfit(openApiV3Schema);
        List<FieldError> structural = unfit.isPresent() ? List.of() : StructuralRules.check(root, path);
        List<FieldError> defaults =
                unfit.isPresent() || !structural.isEmpty() ? List.of() : DefaultRules.check(root, path);
        problems.addAll(structural);
        problems.addAll(defaults);
        OpenApiRules parts = new OpenApiRules(problems);
        parts.check(root, path);
        if (problems.count() == before) {
            unfit.ifPresent(words -> problems.invalid(path, "", words));
        }
        boolean complete = unfit.isEmpty() && structural.isEmpty() && defaults.isEmpty();
        return part -> complete && parts.areSound(part);
    }

    /** Why the schema cannot be read as a structural one at all. */
    private static Optional<String> unfit(JsonNode schema) {
        if (!schema.isObject()) {
            return Optional.empty();
        }
        return NOT_SUPPORTED.stream()
                .filter(field -> Tree.isSaid(schema.path(field)))
                .findFirst()
                .map(field -> "OpenAPIV3Schema '" + field.replace("$schema", "schema") + "' is not supported")
                .or(() -> schema.path("items").isArray()
                        ? Optional.of("OpenAPIV3Schema 'items' must be a schema, but is an array")
                        : Optional.empty())
                .or(() -> below(schema)
                        .map(SchemaRules::unfit)
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    private static Stream<JsonNode> below(JsonNode schema) {
        return Stream.of(
                        Stream.of(schema.path("items"), schema.path("additionalProperties"), schema.path("not")),
                        schema.path("properties").valueStream(),
                        StructuralRules.JUNCTORS.stream()
                                .flatMap(junctor -> schema.path(junctor).valueStream()))
                .flatMap(parts -> parts);
    }
}
