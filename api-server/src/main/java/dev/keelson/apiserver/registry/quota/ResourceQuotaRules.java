package dev.keelson.apiserver.registry.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Quantity;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;

/** What a valid ResourceQuota is; to which objects it applies never changes. */
final class ResourceQuotaRules {
    private static final Set<String> COMPUTE = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");
    private static final Set<String> COUNTED = Set.of(
            "pods",
            "services",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");
    private static final String SCOPE = "core.ResourceQuotaScope";
    private static final List<String> SCOPES = List.of(
            "BestEffort",
            "CrossNamespacePodAffinity",
            "NotBestEffort",
            "NotTerminating",
            "PriorityClass",
            "Terminating");
    private static final List<String> OPERATORS = List.of("DoesNotExist", "Exists", "In", "NotIn");

    private ResourceQuotaRules() {}

    static void validate(ObjectNode quota, Problems problems) {
        JsonNode spec = quota.path("spec");
        spec.path("hard").properties().forEach(entry -> amount(entry.getKey(), entry.getValue(), problems));
        List<String> scopes = Tree.texts(spec, "scopes");
        for (JsonNode scope : spec.path("scopes")) {
            if (!SCOPES.contains(scope.asText())) {
                problems.notSupported("spec.scopes", scope, SCOPES);
            }
        }
        for (List<String> pair :
                List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"))) {
            if (scopes.containsAll(pair)) {
                problems.invalidShown("spec.scopes", GoSyntax.list(spec.path("scopes"), SCOPE), "conflicting scopes");
            }
        }
        Tree.items(Tree.at(spec, "scopeSelector", "matchExpressions"), "spec.scopeSelector.matchExpressions")
                .forEach(item -> expression(item, problems));
    }

    private static void amount(String name, JsonNode value, Problems problems) {
        String path = "spec.hard[" + name + "]";
        NameRule.qualifiedNameProblem(name).ifPresent(words -> problems.invalid(path, name, words));
        boolean standard = COMPUTE.contains(name) || COUNTED.contains(name) || name.startsWith("requests.hugepages-");
        if (!name.contains("/") && !standard) {
            problems.invalid(path, name, "must be a standard resource for quotas");
        }
        Quantity.parse(value).ifPresent(amount -> {
            if (amount.signum() < 0) {
                problems.invalid(path, value, "must be greater than or equal to 0");
            }
            boolean whole = COUNTED.contains(name) || name.startsWith("count/");
            if (whole && amount.stripTrailingZeros().scale() > 0) {
                problems.invalid(path, value, "must be an integer");
            }
        });
    }

    private static void expression(Tree.Item item, Problems problems) {
        JsonNode expression = item.value();
        problems.oneOf(item.path() + ".scopeName", expression.path("scopeName"), SCOPES);
        boolean empty = expression.path("values").isEmpty();
        String values = item.path() + ".values";
        switch (Tree.text(expression, "operator")) {
            case "In", "NotIn" -> {
                if (empty) {
                    problems.required(
                            values, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!empty) {
                    problems.invalid(
                            values,
                            expression.path("values"),
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default -> problems.notSupported(item.path() + ".operator", expression.path("operator"), OPERATORS);
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode scopes = Tree.at(updated, "spec", "scopes");
        if (!Tree.same(scopes, Tree.at(old, "spec", "scopes"))) {
            problems.invalidShown("spec.scopes", GoSyntax.list(scopes, SCOPE), "field is immutable");
        }
    }
}
