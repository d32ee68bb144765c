package dev.keelson.apiserver.custom.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.cel.CelRules;
import dev.keelson.apiserver.registry.EmbeddedResource;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The schema of one version of a custom kind, ready to be used. What it takes to use it is made when first needed. */
public final class CustomSchema {
    /** After these, rules would only fail on what has been said already. */
    private static final Set<FieldError.Type> BLOCKING = EnumSet.of(
            FieldError.Type.NOT_SUPPORTED,
            FieldError.Type.REQUIRED,
            FieldError.Type.TOO_LONG,
            FieldError.Type.TOO_MANY,
            FieldError.Type.TYPE_INVALID);

    private final Structural root;
    private final Patterns patterns = new Patterns();
    private volatile Optional<CelRules> rules = Optional.empty();
    private volatile Optional<Boolean> ruled = Optional.empty();
    private volatile Optional<Boolean> embedding = Optional.empty();
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

    /**
     * Everything that is wrong with the object: by the validations of its schema, then by its rules. An update is forgiven
     * what was wrong before and has not changed.
     *
     * @param old the state before a change; empty on create
     */
    public List<FieldError> check(ObjectNode object, Optional<ObjectNode> old) {
        Problems problems = new Problems();
        problems.addAll(values(object, old.map(JsonNode.class::cast)));
        embedded(object).forEach(resource -> EmbeddedResources.check(resource, problems));
        // Repetition is forgiven as a whole: nobody can tell which of two equal elements is the older one.
        if (old.isEmpty() || repetitions(old.get()).isEmpty()) {
            problems.addAll(repetitions(object).list());
        }
        List<FieldError> errors = new ArrayList<>(problems.list());
        if (!hasRules()) {
            return errors;
        }
        if (errors.stream().anyMatch(error -> BLOCKING.contains(error.type()))) {
            errors.add(FieldError.invalid(
                    "<nil>",
                    "\"null\"",
                    "some validation rules were not checked because the object was invalid; correct the existing errors"
                            + " to complete validation"));
            return errors;
        }
        errors.addAll(rules().check(object, old));
        return errors;
    }

    /** The resources inside an object, which are looked for only where the schema has any. */
    public List<EmbeddedResource> embedded(ObjectNode object) {
        if (embedding.isEmpty()) {
            embedding = Optional.of(root.any(Structural::embedsResource));
        }
        return embedding.get() ? EmbeddedResources.in(object, root, "") : List.of();
    }

    private boolean hasRules() {
        if (ruled.isEmpty()) {
            ruled = Optional.of(CelRules.anyIn(root));
        }
        return ruled.get();
    }

    private CelRules rules() {
        if (rules.isEmpty()) {
            rules = Optional.of(new CelRules(root));
        }
        return rules.get();
    }

    private List<FieldError> values(JsonNode object, Optional<JsonNode> old) {
        ValueProblems problems = new ValueProblems();
        new ValueCheck(patterns, problems).check(object, old, root, "");
        return problems.list();
    }

    private ValueProblems repetitions(JsonNode object) {
        ValueProblems found = new ValueProblems();
        new ListRules(found).check(object, root, "");
        return found;
    }

    /** What is wrong with a value at a place of a document that is not an object of the kind, such as a default. */
    static List<FieldError> checkPart(JsonNode value, Structural schema, String path) {
        ValueProblems problems = new ValueProblems();
        new ValueCheck(new Patterns(), problems).check(value, Optional.empty(), schema, path);
        new ListRules(problems).check(value, schema, path);
        return problems.list();
    }
}
