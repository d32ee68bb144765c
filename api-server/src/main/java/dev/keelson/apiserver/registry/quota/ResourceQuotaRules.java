package dev.keelson.apiserver.registry.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.QuantityRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a valid ResourceQuota is; to which objects it applies never changes. */
final class ResourceQuotaRules {
    private static final Set<String> COMPUTE =
            Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");
    private static final String NOT_OF_SCOPE = "unsupported scope applied to resource";
    private static final String ONLY_EXISTS = "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating,"
            + " ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or"
            + " ResourceQuotaScopeCrossNamespacePodAffinity";
    private static final String SCOPE = "core.ResourceQuotaScope";
    private static final List<String> SCOPES = List.of(
            "BestEffort",
            "CrossNamespacePodAffinity",
            "NotBestEffort",
            "NotTerminating",
            "PriorityClass",
            "Terminating");

    private ResourceQuotaRules() {}

    static void validate(ObjectNode quota, Problems problems) {
        JsonNode spec = quota.path("spec");
        amounts(spec.path("hard"), "spec.hard", problems);
        Set<String> hard = new TreeSet<>();
        spec.path("hard").fieldNames().forEachRemaining(hard::add);
        String shown = GoSyntax.list(spec.path("scopes"), SCOPE);
        for (JsonNode scope : spec.path("scopes")) {
            if (!SCOPES.contains(scope.asText())) {
                problems.invalidShown("spec.scopes", shown, "unsupported scope");
            }
            hard.stream()
                    .filter(name -> !fits(scope.asText(), name))
                    .forEach(name -> problems.invalidShown("spec.scopes", shown, NOT_OF_SCOPE));
        }
        conflicts(Tree.texts(spec, "scopes"), "spec.scopes", shown, problems);
        selector(spec, hard, shown, problems);
    }

    static void validateStatus(ObjectNode updated, ObjectNode old, Problems problems) {
        for (String list : List.of("hard", "used")) {
            amounts(Tree.at(updated, "status", list), "status." + list, problems);
        }
    }

    private static void amounts(JsonNode amounts, String path, Problems problems) {
        amounts.properties().forEach(entry -> {
            String field = path + "[" + entry.getKey() + "]";
            QuantityRules.quotaName(entry.getKey(), field, problems);
            QuantityRules.amount(entry.getKey(), entry.getValue(), field, problems);
        });
    }

    /** Whether what a quota bounds is something that pods of a scope have. */
    private static boolean fits(String scope, String resource) {
        boolean standard = !resource.contains("/") && QuantityRules.isStandard(resource);
        return !standard
                || resource.equals("pods")
                || !SCOPES.contains(scope)
                || !scope.equals("BestEffort") && COMPUTE.contains(resource);
    }

    private static void conflicts(List<String> scopes, String path, String shown, Problems problems) {
        for (List<String> pair :
                List.of(List.of("BestEffort", "NotBestEffort"), List.of("Terminating", "NotTerminating"))) {
            if (scopes.containsAll(pair)) {
                problems.invalidShown(path, shown, "conflicting scopes");
            }
        }
    }

    /** Kubernetes names the list, not the one of its expressions that is wrong. */
    private static void selector(JsonNode spec, Set<String> hard, String scopes, Problems problems) {
        String path = "spec.scopeSelector.matchExpressions";
        JsonNode selector = spec.path("scopeSelector");
        for (JsonNode expression : selector.path("matchExpressions")) {
            String scope = Tree.text(expression, "scopeName");
            if (!SCOPES.contains(scope)) {
                problems.invalid(path + ".scopeName", scope, "unsupported scope");
            }
            hard.stream()
                    .filter(name -> !fits(scope, name))
                    .forEach(name -> problems.invalid(path, selector, NOT_OF_SCOPE));
            if (SCOPES.contains(scope)
                    && !scope.equals("PriorityClass")
                    && !Tree.text(expression, "operator").equals("Exists")) {
                problems.invalid(path + ".operator", Tree.text(expression, "operator"), ONLY_EXISTS);
            }
            values(expression, path, problems);
        }
        List<String> selected = Tree.objects(selector, "matchExpressions").stream()
                .map(expression -> Tree.text(expression, "scopeName"))
                .toList();
        conflicts(selected, path, scopes, problems);
    }

    private static void values(JsonNode expression, String path, Problems problems) {
        JsonNode values = expression.path("values");
        switch (Tree.text(expression, "operator")) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    problems.required(
                            path + ".values",
                            "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    problems.invalidShown(
                            path + ".values",
                            GoSyntax.list(values),
                            "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector");
                }
            }
            default ->
                problems.invalid(
                        path + ".operator", Tree.text(expression, "operator"), "not a valid selector operator");
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode scopes = Tree.at(updated, "spec", "scopes");
        if (!Tree.same(scopes, Tree.at(old, "spec", "scopes"))) {
            problems.invalidShown("spec.scopes", GoSyntax.list(scopes, SCOPE), "field is immutable");
        }
    }
}
