package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What valid topology spread constraints are (core/validation's {@code validateTopologySpreadConstraints}). */
final class SpreadRules {
    private static final List<String> ACTIONS = List.of("DoNotSchedule", "ScheduleAnyway");
    private static final String NOT_POSITIVE = "must be greater than zero";

    private SpreadRules() {}

    static void validate(JsonNode constraints, String path, Problems problems) {
        List<String> all = constraints.valueStream().map(SpreadRules::identity).toList();
        int[] place = {0};
        Tree.items(constraints, path).forEach(item -> {
            constraint(item, problems);
            String identity = identity(item.value());
            // Of two that are the same, the first is the one that is named.
            if (all.subList(++place[0], all.size()).contains(identity)) {
                problems.duplicate(item.path() + ".{topologyKey, whenUnsatisfiable}", TextNode.valueOf(identity));
            }
        });
    }

    private static String identity(JsonNode constraint) {
        return "{%s, %s}".formatted(Tree.text(constraint, "topologyKey"), Tree.text(constraint, "whenUnsatisfiable"));
    }

    private static void constraint(Tree.Item item, Problems problems) {
        JsonNode constraint = item.value();
        if (Tree.number(constraint, "maxSkew").orElse(0L) <= 0) {
            problems.invalid(item.path() + ".maxSkew", constraint.path("maxSkew"), NOT_POSITIVE);
        }
        problems.requireText(item.path(), constraint, "topologyKey", "can not be empty");
        String action = Tree.text(constraint, "whenUnsatisfiable");
        if (!ACTIONS.contains(action)) {
            problems.notSupported(item.path() + ".whenUnsatisfiable", constraint.path("whenUnsatisfiable"), ACTIONS);
        }
        domains(constraint.path("minDomains"), action, item.path() + ".minDomains", problems);
        for (String policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
            problems.oneOf(item.path() + "." + policy, constraint.path(policy), List.of("Honor", "Ignore"));
        }
        JsonNode selector = constraint.path("labelSelector");
        LabelRules.selector(selector, item.path() + ".labelSelector", problems);
        keys(constraint.path("matchLabelKeys"), selector, item.path() + ".matchLabelKeys", problems);
    }

    private static void domains(JsonNode domains, String action, String path, Problems problems) {
        if (!domains.isNumber()) {
            return;
        }
        if (domains.asLong() <= 0) {
            problems.invalid(path, domains, NOT_POSITIVE);
        }
        if (!action.equals("DoNotSchedule")) {
            problems.invalid(
                    path, domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
        }
    }

    private static void keys(JsonNode keys, JsonNode selector, String path, Problems problems) {
        if (keys.isEmpty()) {
            return;
        }
        if (!selector.isObject()) {
            problems.forbidden(path, "must not be specified when labelSelector is not set");
        }
        Set<String> selected = new HashSet<>();
        selector.path("matchLabels").fieldNames().forEachRemaining(selected::add);
        Tree.objects(selector, "matchExpressions").forEach(expression -> selected.add(Tree.text(expression, "key")));
        Tree.items(keys, path).forEach(item -> {
            LabelNames.keyProblems(item.value().asText())
                    .forEach(words -> problems.invalid(item.path(), item.value(), words));
            if (selected.contains(item.value().asText())) {
                problems.invalid(item.path(), item.value(), "exists in both matchLabelKeys and labelSelector");
            }
        });
    }
}
