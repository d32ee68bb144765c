package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.cel.AdmissionExpressions;
import dev.keelson.apiserver.custom.cel.AdmissionExpressions.Result;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.Set;

/** What valid match conditions of a webhook or policy are. */
final class ConditionRules {
    private static final int MOST = 64;

    private ConditionRules() {}

    static void check(JsonNode conditions, String path, AdmissionExpressions expressions, Problems problems) {
        if (conditions.size() > MOST) {
            problems.tooMany(path, conditions.size(), MOST);
        }
        Set<String> names = new HashSet<>();
        Tree.items(conditions, path).forEach(item -> {
            String expression = Tree.text(item.value(), "expression").strip();
            if (expression.isEmpty()) {
                problems.required(item.path() + ".expression", "");
            } else {
                expressions
                        .problem(expression, Result.BOOL)
                        .ifPresent(words -> problems.invalid(item.path() + ".expression", expression, words));
            }
            String name = Tree.text(item.value(), "name");
            if (name.isEmpty()) {
                problems.required(item.path() + ".name", "");
                return;
            }
            LabelNames.keyProblems(name).forEach(words -> problems.invalid(item.path() + ".name", name, words));
            if (!names.add(name)) {
                problems.duplicate(item.path() + ".name", item.value().path("name"));
            }
        });
    }
}
