package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a valid {@code podFailurePolicy} of a Job is (batch/validation's {@code validatePodFailurePolicy}). */
final class FailurePolicyRules {
    private static final List<String> ACTIONS = List.of("Count", "FailIndex", "FailJob", "Ignore");
    private static final List<String> OPERATORS = List.of("In", "NotIn");
    private static final List<String> STATUSES = List.of("False", "True", "Unknown");
    private static final int MOST_RULES = 20;
    private static final int MOST_PATTERNS = 20;
    private static final int MOST_CODES = 255;

    private FailurePolicyRules() {}

    /** @param path of the job's spec */
    static void validate(JsonNode spec, String path, Problems problems) {
        JsonNode rules = Tree.at(spec, "podFailurePolicy", "rules");
        String at = path + ".podFailurePolicy.rules";
        if (rules.size() > MOST_RULES) {
            problems.tooMany(at, rules.size(), MOST_RULES);
        }
        Set<String> containers = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            Tree.objects(spec, "template", "spec", list)
                    .forEach(container -> containers.add(Tree.text(container, "name")));
        }
        boolean perIndex = Tree.has(spec, "backoffLimitPerIndex");
        Tree.items(rules, at).forEach(item -> rule(item, perIndex, containers, problems));
    }

    private static void rule(Tree.Item item, boolean perIndex, Set<String> containers, Problems problems) {
        JsonNode action = item.value().path("action");
        if (!Tree.has(action)) {
            problems.required(item.path() + ".action", words(ACTIONS));
        } else if (action.asText().equals("FailIndex") && !perIndex) {
            problems.invalid(item.path() + ".action", action, "requires the backoffLimitPerIndex to be set");
        } else {
            problems.oneOf(item.path() + ".action", action, ACTIONS);
        }
        JsonNode codes = item.value().path("onExitCodes");
        JsonNode conditions = item.value().path("onPodConditions");
        if (codes.isObject()) {
            codes(codes, item.path() + ".onExitCodes", containers, problems);
        }
        conditions(conditions, item.path() + ".onPodConditions", problems);
        if (codes.isObject() && !conditions.isEmpty()) {
            problems.invalidShown(item.path(), "", "specifying both OnExitCodes and OnPodConditions is not supported");
        } else if (!codes.isObject() && conditions.isEmpty()) {
            problems.invalidShown(item.path(), "", "specifying one of OnExitCodes and OnPodConditions is required");
        }
    }

    private static String words(List<String> values) {
        return "valid values: [\"" + String.join("\" \"", values) + "\"]";
    }

    private static void codes(JsonNode codes, String path, Set<String> containers, Problems problems) {
        JsonNode operator = codes.path("operator");
        if (!Tree.has(operator)) {
            problems.required(path + ".operator", words(OPERATORS));
        } else {
            problems.oneOf(path + ".operator", operator, OPERATORS);
        }
        JsonNode container = codes.path("containerName");
        if (container.isTextual() && !containers.contains(container.textValue())) {
            problems.invalid(
                    path + ".containerName",
                    container,
                    "must be one of the container or initContainer names in the pod template");
        }
        JsonNode values = codes.path("values");
        if (values.isEmpty()) {
            problems.invalidShown(path + ".values", GoSyntax.list(values, "int32"), "at least one value is required");
        } else if (values.size() > MOST_CODES) {
            problems.tooMany(path + ".values", values.size(), MOST_CODES);
        }
        boolean in = operator.asText("").equals("In");
        Set<Long> seen = new HashSet<>();
        boolean ordered = true;
        long before = Long.MIN_VALUE;
        for (Tree.Item value : Tree.items(values, path + ".values").toList()) {
            long code = value.value().asLong();
            if (in && code == 0) {
                problems.invalid(value.path(), value.value(), "must not be 0 for the In operator");
            }
            if (!seen.add(code)) {
                problems.duplicate(value.path(), value.value());
            }
            ordered &= code >= before;
            before = code;
        }
        if (!ordered) {
            problems.invalidShown(path + ".values", GoSyntax.list(values, "int32"), "must be ordered");
        }
    }

    private static void conditions(JsonNode conditions, String path, Problems problems) {
        if (conditions.size() > MOST_PATTERNS) {
            problems.tooMany(path, conditions.size(), MOST_PATTERNS);
        }
        Tree.items(conditions, path).forEach(item -> {
            JsonNode type = item.value().path("type");
            LabelNames.keyProblems(type.asText(""))
                    .forEach(words -> problems.invalid(item.path() + ".type", type, words));
            problems.oneOf(item.path() + ".status", item.value().path("status"), STATUSES);
        });
    }
}
