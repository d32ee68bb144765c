package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import java.util.List;
import java.util.Optional;

/** The schema of one version of a custom kind, ready to be used. What it takes to use it is made when first needed. */
public final class CustomSchema {
    private final Structural root;
    private final Patterns patterns = new Patterns();
    private volatile Optional<SchemaTypes> types = Optional.empty();

    /** @param openApiV3Schema a JSONSchemaProps that {@link SchemaRules} found structural */
    public CustomSchema(JsonNode openApiV3Schema) {
        this.root = new Structural(openApiV3Schema);
    }

    public Structural root() {
        return root;
    }

    /** @param prefix what the names of the types begin with; always the same for one schema */
    public SchemaTypes types(String prefix) {
        if (types.isEmpty()) {
            types = Optional.of(SchemaTypes.of(root, prefix));
        }
        return types.get();
    }

    /** Takes away what the schema does not name; answers the paths of what went. */
    public List<String> prune(ObjectNode object) {
        return CustomPruning.prune(object, root);
    }

    /** Fills in defaults. */
    public void complete(ObjectNode object) {
        CustomDefaults.apply(object, root);
    }

    /** Everything that the schema's validations find wrong with the object. */
    public List<FieldError> check(ObjectNode object) {
        return check(object, root);
    }

    private List<FieldError> check(JsonNode value, Structural schema) {
        ValueProblems problems = new ValueProblems();
        new ValueCheck(patterns, problems).check(value, schema, "");
        new ListRules(problems).check(value, schema, "");
        return problems.list();
    }

    /** What is wrong with a value at a place of a document that is not an object of the kind, such as a default. */
    static List<FieldError> checkPart(JsonNode value, Structural schema, String path) {
        ValueProblems problems = new ValueProblems();
        new ValueCheck(new Patterns(), problems).check(value, schema, path);
        new ListRules(problems).check(value, schema, path);
        return problems.list();
    }
}
