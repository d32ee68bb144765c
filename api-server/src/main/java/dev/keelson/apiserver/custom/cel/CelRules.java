package dev.keelson.apiserver.custom.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.types.CelType;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.FieldError;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rules of one schema; each is compiled when it is first run. Thread safe. */
public final class CelRules {
    private final Structural root;
    private final CelTypes types = new CelTypes();
    private final Map<JsonNode, List<CompiledRule>> compiled = new IdentityHashMap<>();
    private final Map<JsonNode, Boolean> judged = new IdentityHashMap<>();

    public CelRules(Structural root) {
        this.root = root;
    }

    /** Whether anything in the schema has rules; without, no class of the library is ever loaded. */
    public static boolean anyIn(Structural schema) {
        return schema.any(part -> !part.node().path("x-kubernetes-validations").isEmpty());
    }

    /**
     * What the rules find wrong with the object.
     *
     * @param old the state before a change; empty on create, where rules about changes do not run
     */
    public List<FieldError> check(ObjectNode object, Optional<ObjectNode> old) {
        List<FieldError> errors = new ArrayList<>();
        CelCheck check = new CelCheck(this, errors);
        CelCheck.Before before = CelCheck.Before.of(object, old.map(JsonNode.class::cast));
        check.value(object, before, root, new CelCheck.Place("", "object", true));
        return errors;
    }

    /**
     * What the rules find wrong with a value that is not a whole object, such as a default.
     *
     * @param path at which it stands
     */
    List<FieldError> checkPart(JsonNode value, String path) {
        List<FieldError> errors = new ArrayList<>();
        CelCheck.Place place = new CelCheck.Place(path, "object", root.embedsResource());
        new CelCheck(this, errors).value(value, CelCheck.Before.of(value, Optional.empty()), root, place);
        return errors;
    }

    /** Whether the schema or one below it has rules, so that values elsewhere are not walked through. */
    synchronized boolean judges(Structural schema) {
        return judged.computeIfAbsent(schema.node(), node -> anyIn(schema));
    }

    /**
     * The rules of one node of the schema.
     *
     * @param typePath the name of the node's type
     */
    synchronized List<CompiledRule> of(Structural schema, String typePath, boolean resource) {
        if (schema.node().path("x-kubernetes-validations").isEmpty()) {
            return List.of();
        }
        List<CompiledRule> known = compiled.get(schema.node());
        if (known == null) {
            known = compile(schema, typePath, resource);
            compiled.put(schema.node(), known);
        }
        return known;
    }

    private List<CompiledRule> compile(Structural schema, String typePath, boolean resource) {
        Optional<CelType> self = types.of(schema, typePath, resource);
        List<CompiledRule> rules = new ArrayList<>();
        for (CelRule rule : CelRule.of(schema)) {
            try {
                if (self.isPresent()) {
                    rules.add(CompiledRule.of(rule, types, self.get()));
                }
            } catch (CompiledRule.BadRule stored) {
                // Nothing that is stored was accepted with it; an older server may have accepted more.
                throw new IllegalStateException(
                        "a stored rule cannot be compiled: " + rule.shown() + ": " + stored.getMessage(), stored);
            }
        }
        return List.copyOf(rules);
    }
}
