package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which requests a webhook, policy or binding is about: what they have in common. */
final class MatchRules {
    private static final List<String> MATCH_POLICIES = List.of("Equivalent", "Exact");

    private MatchRules() {}

    /** @param lists fields with rules, such as {@code resourceRules} */
    static void complete(ObjectNode matcher, String... lists) {
        Tree.setDefault(matcher, "matchPolicy", "Equivalent");
        Tree.child(matcher, "namespaceSelector");
        Tree.child(matcher, "objectSelector");
        for (String list : lists) {
            Tree.objects(matcher, list).forEach(rule -> Tree.setDefault(rule, "scope", "*"));
        }
    }

    /** The {@code MatchResources} of a policy or binding. */
    static void completeResources(ObjectNode matcher) {
        complete(matcher, "resourceRules", "excludeResourceRules");
    }

    static void matchPolicy(JsonNode matcher, String path, Problems problems) {
        problems.oneOf(path + ".matchPolicy", matcher.path("matchPolicy"), MATCH_POLICIES);
    }

    static void selectors(JsonNode matcher, String path, Problems problems) {
        for (String selector : List.of("namespaceSelector", "objectSelector")) {
            LabelRules.selector(matcher.path(selector), path + "." + selector, problems);
        }
    }

    /** The {@code MatchResources} of a policy or binding. */
    static void resources(JsonNode matcher, String path, Problems problems) {
        matchPolicy(matcher, path, problems);
        selectors(matcher, path, problems);
        for (String list : List.of("resourceRules", "excludeResourceRules")) {
            Tree.items(matcher.path(list), path + "." + list).forEach(item -> {
                names(item, problems);
                OperationRules.check(item, problems);
            });
        }
    }

    private static void names(Tree.Item rule, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(rule.value().path("resourceNames"), rule.path() + ".resourceNames")
                .forEach(item -> {
                    NameRule.PATH_SEGMENT
                            .problems(item.value().asText())
                            .forEach(words -> problems.invalid(item.path(), item.value(), words));
                    if (!seen.add(item.value().asText())) {
                        problems.duplicate(item.path(), item.value());
                    }
                });
    }
}
