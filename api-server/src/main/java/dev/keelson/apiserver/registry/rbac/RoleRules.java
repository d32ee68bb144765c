package dev.keelson.apiserver.registry.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What valid roles are (Kubernetes' {@code rbac/validation}). */
final class RoleRules {
    private RoleRules() {}

    static void validateRole(ObjectNode role, Problems problems) {
        Tree.items(role.path("rules"), "rules").forEach(rule -> rule(rule, true, problems));
    }

    static void validateClusterRole(ObjectNode role, Problems problems) {
        Tree.items(role.path("rules"), "rules").forEach(rule -> rule(rule, false, problems));
        JsonNode aggregation = role.path("aggregationRule");
        if (!aggregation.isObject()) {
            return;
        }
        String path = "aggregationRule.clusterRoleSelectors";
        JsonNode selectors = aggregation.path("clusterRoleSelectors");
        if (selectors.isEmpty()) {
            problems.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        Tree.items(selectors, path).forEach(item -> LabelRules.selector(item.value(), item.path(), problems));
    }

    private static void rule(Tree.Item item, boolean namespaced, Problems problems) {
        JsonNode rule = item.value();
        if (rule.path("verbs").isEmpty()) {
            problems.required(item.path() + ".verbs", "verbs must contain at least one value");
        }
        JsonNode paths = rule.path("nonResourceURLs");
        if (!paths.isEmpty()) {
            String field = item.path() + ".nonResourceURLs";
            if (namespaced) {
                problems.invalidShown(
                        field, GoSyntax.list(paths), "namespaced rules cannot apply to non-resource URLs");
            }
            if (List.of("apiGroups", "resources", "resourceNames").stream()
                    .anyMatch(other -> !rule.path(other).isEmpty())) {
                problems.invalidShown(
                        field,
                        GoSyntax.list(paths),
                        "rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (rule.path("apiGroups").isEmpty()) {
            problems.required(item.path() + ".apiGroups", "resource rules must supply at least one api group");
        }
        if (rule.path("resources").isEmpty()) {
            problems.required(item.path() + ".resources", "resource rules must supply at least one resource");
        }
    }
}
