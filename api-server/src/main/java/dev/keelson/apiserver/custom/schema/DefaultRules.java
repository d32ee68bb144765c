package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.EmbeddedResource;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Whether the defaults of a schema are valid by the schema itself (apiextensions' {@code defaulting.ValidateDefaults}). */
final class DefaultRules {
    private static final Set<String> META_FIELDS = Set.of("metadata", "apiVersion", "kind");

    private final Problems problems = new Problems();

    /** Makes, of the value of a part of a resource's metadata, the whole resource. */
    private interface Surrounding extends UnaryOperator<JsonNode> {}

    private DefaultRules() {}

    static List<FieldError> check(Structural root, String path) {
        DefaultRules rules = new DefaultRules();
        root.defaultValue().ifPresent(value -> rules.judge(value, root, path + ".default", Optional.empty()));
        rules.properties(root, path, Optional.of(DefaultRules::resource), Optional.empty());
        return rules.problems.list();
    }

    /** @param meta of a part of a resource's metadata, its kind or its version: what is around it */
    private void part(Structural schema, String path, Optional<Surrounding> meta) {
        Optional<Surrounding> around = schema.embedsResource() ? Optional.empty() : meta;
        schema.defaultValue().ifPresent(value -> judge(value, schema, path + ".default", around));
        // Within additionalProperties of metadata there are no defaults.
        schema.items()
                .ifPresent(items -> part(
                        items,
                        path + ".items",
                        around.map(outer -> value ->
                                outer.apply(JsonNodeFactory.instance.arrayNode().add(value)))));
        Optional<Surrounding> whole = schema.embedsResource() ? Optional.of(DefaultRules::resource) : Optional.empty();
        properties(schema, path, whole, around);
    }

    /** @param whole present when the schema is one of a resource */
    private void properties(Structural schema, String path, Optional<Surrounding> whole, Optional<Surrounding> around) {
        for (Map.Entry<String, JsonNode> entry : schema.properties()) {
            String name = entry.getKey();
            Optional<Surrounding> outer = META_FIELDS.contains(name) ? whole.or(() -> around) : around;
            part(
                    new Structural(entry.getValue()),
                    path + ".properties[" + name + "]",
                    outer.map(further -> value ->
                            further.apply(JsonNodeFactory.instance.objectNode().set(name, value))));
        }
    }

    private static JsonNode resource(JsonNode parts) {
        ObjectNode whole = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "validation/v1")
                .put("kind", "Validation");
        whole.setAll((ObjectNode) parts);
        return whole;
    }

    private void judge(JsonNode value, Structural schema, String path, Optional<Surrounding> around) {
        if (around.isPresent()) {
            String wrong = metadataProblems((ObjectNode) around.get().apply(value.deepCopy()));
            if (!wrong.isEmpty()) {
                problems.invalid(path, value, "must result in valid metadata: " + wrong);
                return;
            }
        } else if (!CustomPruning.prunePart(value.deepCopy(), schema).isEmpty()) {
            problems.invalid(path, value, "must not have unknown fields");
        }
        JsonNode completed = value.deepCopy();
        CustomDefaults.apply(completed, schema);
        List<FieldError> embedded = embedded(completed, schema, path);
        problems.addAll(embedded);
        if (embedded.isEmpty()) {
            problems.addAll(CustomSchema.checkPart(completed, schema, path));
        }
    }

    private static List<FieldError> embedded(JsonNode value, Structural schema, String path) {
        Problems found = new Problems();
        EmbeddedResources.in(value, schema, path).forEach(resource -> EmbeddedResources.check(resource, found));
        return found.list();
    }

    /** As Go shows several errors as one. */
    private static String metadataProblems(ObjectNode resource) {
        Problems found = new Problems();
        EmbeddedResources.check(new EmbeddedResource("", resource), found);
        List<String> words = found.list().stream()
                .map(error -> error.field() + ": " + error.message())
                .toList();
        return words.size() > 1 ? words.stream().collect(Collectors.joining(", ", "[", "]")) : String.join("", words);
    }
}
