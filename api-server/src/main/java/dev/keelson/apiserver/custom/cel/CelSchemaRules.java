package dev.keelson.apiserver.custom.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.types.CelType;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Problems;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Judges the rules of a schema that is written: whether they compile, and what they may cost. */
public final class CelSchemaRules {
    private static final List<String> REASONS =
            List.of("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate");

    private final CelTypes types = new CelTypes();
    private final Problems problems;
    private final CelBudget budget;

    private CelSchemaRules(Problems problems, CelBudget budget) {
        this.problems = problems;
        this.budget = budget;
    }

    /** @param path of the schema in its definition */
    public static void check(JsonNode openApiV3Schema, String path, Problems problems) {
        Structural root = new Structural(openApiV3Schema);
        if (CelRules.anyIn(root)) {
            CelBudget budget = new CelBudget(problems);
            new CelSchemaRules(problems, budget).node(root, path, "object", 1, true, false);
            budget.checkTotal(path);
        }
    }

    private void node(
            Structural schema, String path, String type, double times, boolean resource, boolean uncorrelatable) {
        rules(schema, path, type, times, resource, uncorrelatable);
        schema.properties().forEach(entry -> {
            Structural below = new Structural(entry.getValue());
            node(
                    below,
                    path + ".properties[" + entry.getKey() + "]",
                    type + "." + entry.getKey(),
                    times,
                    below.embedsResource(),
                    uncorrelatable || schema.atomicMap());
        });
        double each = times * Math.max(1, CelCost.multiplicity(schema));
        schema.items()
                .ifPresent(below -> node(
                        below,
                        path + ".items",
                        type + ".@idx",
                        each,
                        below.embedsResource(),
                        uncorrelatable || !schema.listType().equals("map")));
        schema.values()
                .ifPresent(below -> node(
                        below,
                        path + ".additionalProperties",
                        type + ".@elem",
                        each,
                        below.embedsResource(),
                        uncorrelatable || schema.atomicMap()));
    }

    private void rules(
            Structural schema, String path, String type, double times, boolean resource, boolean uncorrelatable) {
        List<CelRule> rules = CelRule.of(schema);
        if (rules.isEmpty()) {
            return;
        }
        Optional<CelType> self = types.of(schema, type, resource);
        for (int i = 0; i < rules.size(); i++) {
            String at = path + ".x-kubernetes-validations[" + i + "]";
            CelRule rule = rules.get(i);
            JsonNode given = schema.node().path("x-kubernetes-validations").get(i);
            words(rule, given, at);
            if (rule.rule().isBlank()) {
                continue;
            }
            if (self.isEmpty()) {
                problems.invalid(at + ".rule", given, "a schema without a type that expressions know has no rules");
                continue;
            }
            try {
                CompiledRule compiled = CompiledRule.of(rule, types, self.get());
                budget.spend(at + ".rule", CelCost.of(compiled.ast().getExpr(), schema) * times);
                compiled.messageAst()
                        .ifPresent(text ->
                                budget.spend(at + ".messageExpression", CelCost.of(text.getExpr(), schema) * times));
                if (compiled.usesOldSelf() && uncorrelatable) {
                    problems.invalid(
                            at + ".rule",
                            given,
                            "oldSelf cannot be used on the uncorrelatable portion of the schema within " + path);
                }
                if (rule.optionalOldSelf() && !compiled.usesOldSelf()) {
                    problems.invalid(
                            at + ".optionalOldSelf",
                            given.path("optionalOldSelf"),
                            "may not be set if oldSelf is not used in rule");
                }
            } catch (CompiledRule.BadRule bad) {
                problems.invalid(at + "." + bad.field(), given, bad.getMessage());
            }
        }
    }

    private void words(CelRule rule, JsonNode given, String at) {
        if (given.has("message") && rule.message().isBlank()) {
            problems.invalid(at + ".message", rule.message(), "message must be non-empty if specified");
        }
        if (rule.message().contains("\n") || rule.message().contains("\r")) {
            problems.invalid(at + ".message", rule.message(), "message must not contain line breaks");
        }
        if (rule.rule().contains("\n") && rule.message().isBlank()) {
            problems.required(at + ".message", "message must be specified if rule contains line breaks");
        }
        problems.oneOf(at + ".reason", given.path("reason"), REASONS);
        if (!rule.fieldPath().isEmpty()
                && !Set.of('.', '[').contains(rule.fieldPath().charAt(0))) {
            problems.invalid(
                    at + ".fieldPath", rule.fieldPath(), "fieldPath must be a valid path: it begins with . or [");
        }
    }
}
