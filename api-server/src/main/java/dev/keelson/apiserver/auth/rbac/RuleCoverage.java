package dev.keelson.apiserver.auth.rbac;

import dev.keelson.apiserver.auth.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether rights contain other rights. Pure. */
final class RuleCoverage {
    private RuleCoverage() {}

    /**
     * What no rule of {@code held} allows of {@code wanted}, one rule for each group, resource and name (Kubernetes'
     * {@code CompactRules}); empty when all are covered.
     */
    static List<PolicyRule> missing(List<PolicyRule> held, List<PolicyRule> wanted) {
        Map<PolicyRule, Set<String>> missing = new LinkedHashMap<>();
        for (PolicyRule rule : wanted) {
            for (PolicyRule part : parts(rule)) {
                if (held.stream().noneMatch(each -> covers(each, part))) {
                    PolicyRule object = part.nonResourceUrls().isEmpty() ? withVerbs(part, List.of()) : part;
                    missing.computeIfAbsent(object, _ -> new LinkedHashSet<>()).addAll(part.verbs());
                }
            }
        }
        return missing.entrySet().stream()
                .map(entry -> withVerbs(entry.getKey(), List.copyOf(entry.getValue())))
                .toList();
    }

    private static PolicyRule withVerbs(PolicyRule rule, List<String> verbs) {
        return new PolicyRule(verbs, rule.apiGroups(), rule.resources(), rule.resourceNames(), rule.nonResourceUrls());
    }

    /** A rule divided into rules of one verb, one group, one resource, one name or one path each. */
    private static List<PolicyRule> parts(PolicyRule rule) {
        List<PolicyRule> parts = new ArrayList<>();
        for (String verb : rule.verbs()) {
            rule.nonResourceUrls().forEach(url -> parts.add(PolicyRule.onPaths(List.of(verb), List.of(url))));
            for (String group : rule.apiGroups()) {
                for (String resource : rule.resources()) {
                    List<List<String>> names = rule.resourceNames().isEmpty()
                            ? List.of(List.of())
                            : rule.resourceNames().stream().map(List::of).toList();
                    names.forEach(name ->
                            parts.add(PolicyRule.onResources(List.of(verb), List.of(group), List.of(resource), name)));
                }
            }
        }
        return parts;
    }

    private static boolean covers(PolicyRule held, PolicyRule part) {
        if (!has(held.verbs(), part.verbs().getFirst())) {
            return false;
        }
        if (!part.nonResourceUrls().isEmpty()) {
            String url = part.nonResourceUrls().getFirst();
            return held.nonResourceUrls().stream().anyMatch(pattern -> PolicyRule.covers(pattern, url));
        }
        return has(held.apiGroups(), part.apiGroups().getFirst())
                && coversResource(held.resources(), part.resources().getFirst())
                && (held.resourceNames().isEmpty()
                        || !part.resourceNames().isEmpty()
                                && held.resourceNames().containsAll(part.resourceNames()));
    }

    private static boolean coversResource(List<String> held, String resource) {
        int slash = resource.indexOf('/');
        return has(held, resource) || slash > 0 && held.contains("*" + resource.substring(slash));
    }

    private static boolean has(List<String> values, String value) {
        return values.contains(value) || values.contains(PolicyRule.ALL);
    }
}
