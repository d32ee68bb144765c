package dev.keelson.apiserver.registry.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.CountRules;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** The kinds of {@code policy/v1}. */
public final class PolicyKinds {
    private static final List<String> EVICTION_POLICIES = List.of("AlwaysAllow", "IfHealthyBudget");

    private static final List<String> COUNTS =
            List.of("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods");

    private PolicyKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(Declaration.namespaced("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets")
                .shortNames("pdb")
                .subresources(Subresource.STATUS)
                .columns(
                        wanted("Min Available", "How many pods must stay.", "minAvailable"),
                        wanted("Max Unavailable", "How many pods may be missing.", "maxUnavailable"),
                        Columns.count("Allowed Disruptions", "How many pods may be evicted now.", "disruptionsAllowed"),
                        Columns.age())
                .with(KindRules.withStatus()
                        .counting("spec")
                        .creating(budget -> COUNTS.forEach(
                                field -> Tree.child(budget, "status").put(field, 0)))
                        .checking(PolicyKinds::validate)
                        .checkingStatus((updated, old, problems) -> {
                            StatusRules.conditions(updated, problems);
                            StatusRules.counts(updated, COUNTS, problems);
                        })));
    }

    private static Column wanted(String name, String description, String field) {
        return Columns.text(name, description, "N/A", "spec", field);
    }

    private static void validate(ObjectNode budget, Problems problems) {
        JsonNode spec = budget.path("spec");
        if (Tree.has(spec, "minAvailable") && Tree.has(spec, "maxUnavailable")) {
            problems.invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
        }
        for (String field : List.of("minAvailable", "maxUnavailable")) {
            CountRules.countOrPercent(spec.path(field), "spec." + field, problems);
            CountRules.notAboveHundredPercent(spec.path(field), "spec." + field, problems);
        }
        LabelRules.selector(spec.path("selector"), "spec.selector", problems);
        problems.oneOf("spec.unhealthyPodEvictionPolicy", spec.path("unhealthyPodEvictionPolicy"), EVICTION_POLICIES);
    }
}
