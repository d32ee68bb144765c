package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Which requests a webhook or policy is about: what the two have in common. */
final class MatchRules {
    private static final List<String> OPERATIONS = List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final List<String> SCOPES = List.of("*", "Cluster", "Namespaced");
    private static final List<String> MATCH_POLICIES = List.of("Equivalent", "Exact");

    private MatchRules() {}

    /** @param rules field with the rules, {@code rules} or {@code resourceRules} */
    static void complete(ObjectNode matcher, String rules) {
        Tree.setDefault(matcher, "matchPolicy", "Equivalent");
        Tree.child(matcher, "namespaceSelector");
        Tree.child(matcher, "objectSelector");
        Tree.objects(matcher, rules).forEach(rule -> Tree.setDefault(rule, "scope", "*"));
    }

    static void validate(JsonNode matcher, String path, String rules, Problems problems) {
        problems.oneOf(path + ".matchPolicy", matcher.path("matchPolicy"), MATCH_POLICIES);
        for (String selector : List.of("namespaceSelector", "objectSelector")) {
            LabelRules.selector(matcher.path(selector), path + "." + selector, problems);
        }
        Tree.items(matcher.path(rules), path + "." + rules).forEach(item -> rule(item, problems));
        Tree.items(matcher.path("excludeResourceRules"), path + ".excludeResourceRules")
                .forEach(item -> rule(item, problems));
        Tree.items(matcher.path("matchConditions"), path + ".matchConditions").forEach(item -> {
            problems.requireText(item.path(), item.value(), "name", "");
            problems.requireText(item.path(), item.value(), "expression", "");
        });
    }

    private static void rule(Tree.Item item, Problems problems) {
        JsonNode rule = item.value();
        for (String field : List.of("operations", "apiGroups", "apiVersions", "resources")) {
            JsonNode values = rule.path(field);
            if (values.isEmpty()) {
                problems.required(item.path() + "." + field, "");
            }
            boolean all = Tree.texts(values).contains("*");
            if (all && values.size() > 1 && !field.equals("resources")) {
                problems.invalid(
                        item.path() + "." + field, values, "if '*' is present, must not specify other " + words(field));
            }
        }
        Tree.items(rule.path("operations"), item.path() + ".operations")
                .forEach(operation -> problems.oneOf(operation.path(), operation.value(), OPERATIONS));
        problems.oneOf(item.path() + ".scope", rule.path("scope"), SCOPES);
    }

    private static String words(String field) {
        return switch (field) {
            case "apiGroups" -> "API groups";
            case "apiVersions" -> "API versions";
            default -> field;
        };
    }
}
