package dev.keelson.apiserver.custom.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import dev.keelson.apiserver.custom.schema.CustomDefaults;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Judges the rules of a schema that is written: whether they compile, and what they may cost. */
public final class CelSchemaRules {
    private final CelTypes types = new CelTypes();
    private final Problems problems;
    private final CelBudget budget;

    private final Predicate<Structural> sound;

    private CelSchemaRules(Problems problems, CelBudget budget, Predicate<Structural> sound) {
        this.problems = problems;
        this.budget = budget;
        this.sound = sound;
    }

    /**
     * Judges all rules.
     *
     * @param path of the schema in its definition
     * @param sound the parts of the schema with which nothing else is wrong: those of others are not compiled, as nobody
     *     would understand what is wrong with them
     */
    public static void check(JsonNode openApiV3Schema, String path, Problems problems, Predicate<Structural> sound) {
        Structural root = new Structural(openApiV3Schema);
        if (CelRules.anyIn(root)) {
            CelBudget budget = new CelBudget(problems);
            new CelSchemaRules(problems, budget, sound).node(root, path, "object", 1, true, "");
            budget.checkTotal(path);
        }
    }

    /** Judges the defaults of a schema by its rules, all of which are known to compile. */
    public static void checkDefaults(JsonNode openApiV3Schema, String path, Problems problems) {
        defaults(new Structural(openApiV3Schema), path, problems);
    }

    private static void defaults(Structural schema, String path, Problems problems) {
        if (!CelRules.anyIn(schema)) {
            return;
        }
        schema.defaultValue().<JsonNode>map(JsonNode::deepCopy).ifPresent(value -> {
            CustomDefaults.apply(value, schema);
            problems.addAll(new CelRules(schema).checkPart(value, path + ".default"));
        });
        schema.parts(path).forEach(part -> defaults(part.schema(), part.path(), problems));
    }

    /** @param severed the highest part above, if any, whose values cannot be recognised in another state of the object */
    private void node(Structural schema, String path, String type, double times, boolean resource, String severed) {
        double each = times * Math.max(1, CelCost.multiplicity(schema));
        schema.describedValues()
                .ifPresent(below -> node(
                        below, path + ".additionalProperties", type + ".@elem", each, below.embedsResource(), severed));
        String belowProperties = severed.isEmpty() && schema.atomicMap() ? path : severed;
        schema.properties().forEach(entry -> {
            Structural below = new Structural(entry.getValue());
            node(
                    below,
                    path + ".properties[" + entry.getKey() + "]",
                    type + "." + entry.getKey(),
                    times,
                    below.embedsResource(),
                    belowProperties);
        });
        String belowItems = severed.isEmpty() && !schema.listType().equals("map") ? path : severed;
        schema.items()
                .ifPresent(below ->
                        node(below, path + ".items", type + ".@idx", each, below.embedsResource(), belowItems));
        rules(schema, path, type, times, resource, severed);
    }

    private void rules(Structural schema, String path, String type, double times, boolean resource, String severed) {
        List<CelRule> rules = CelRule.of(schema);
        if (rules.isEmpty() || !sound.test(schema)) {
            return;
        }
        String at = path + ".x-kubernetes-validations";
        Optional<CelType> self = types.of(schema, type, resource);
        if (self.isEmpty()) {
            problems.internal(at, "internal error: failed to retrieve type information for x-kubernetes-validations");
            return;
        }
        JsonNode given = schema.node().path("x-kubernetes-validations");
        for (int i = 0; i < rules.size(); i++) {
            rule(rules.get(i), given.get(i), schema, at + "[" + i + "]", times, self.get(), severed);
        }
    }

    private void rule(
            CelRule rule, JsonNode given, Structural schema, String at, double times, CelType self, String severed) {
        try {
            CompiledRule compiled = CompiledRule.of(rule, types, self);
            budget.spend(at + ".rule", CelCost.of(compiled.ast().getExpr(), schema) * times);
            compiled.messageAst()
                    .ifPresent(text ->
                            budget.spend(at + ".messageExpression", CelCost.of(text.getExpr(), schema) * times));
            if (compiled.usesOldSelf() && !severed.isEmpty()) {
                problems.invalid(
                        at + ".rule",
                        given.path("rule"),
                        "oldSelf cannot be used on the uncorrelatable portion of the schema within " + severed);
            }
            if (given.path("optionalOldSelf").isBoolean() && !compiled.usesOldSelf()) {
                problems.invalid(
                        at + ".optionalOldSelf",
                        given.path("optionalOldSelf"),
                        "may not be set if oldSelf is not used in rule");
            }
        } catch (CompiledRule.BadRule bad) {
            problems.invalidShown(at + "." + bad.field(), GoSyntax.validationRule(given), bad.getMessage());
        }
    }
}
