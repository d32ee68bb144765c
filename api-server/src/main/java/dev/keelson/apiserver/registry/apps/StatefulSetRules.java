package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a valid StatefulSet is, and the little of it that may change, because its pods have names and data. */
final class StatefulSetRules {
    private static final Set<String> CHANGEABLE = Set.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");
    private static final String FIXED = "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
            + " 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
            + " 'minReadySeconds' are forbidden";

    private StatefulSetRules() {}

    static void validate(ObjectNode set, Problems problems) {
        WorkloadRules.validate(set, "statefulset", problems);
        JsonNode spec = set.path("spec");
        JsonNode policy = spec.path("podManagementPolicy");
        if (!List.of("OrderedReady", "Parallel").contains(policy.asText())) {
            problems.invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'");
        }
        strategy(spec.path("updateStrategy"), problems);
        for (String when : List.of("whenDeleted", "whenScaled")) {
            problems.oneOf(
                    "spec.persistentVolumeClaimRetentionPolicy." + when,
                    spec.path("persistentVolumeClaimRetentionPolicy").path(when),
                    List.of("Retain", "Delete"));
        }
        problems.notNegative("spec.revisionHistoryLimit", spec.path("revisionHistoryLimit"));
        problems.notNegative("spec.ordinals.start", Tree.at(spec, "ordinals", "start"));
    }

    private static void strategy(JsonNode strategy, Problems problems) {
        String path = "spec.updateStrategy";
        JsonNode rolling = strategy.path("rollingUpdate");
        switch (Tree.text(strategy, "type")) {
            case "RollingUpdate" -> problems.notNegative(path + ".rollingUpdate.partition", rolling.path("partition"));
            case "OnDelete" -> {
                if (rolling.isObject()) {
                    problems.invalid(
                            path + ".rollingUpdate", rolling, "only allowed for updateStrategy 'RollingUpdate'");
                }
            }
            default ->
                problems.invalidShown(
                        path,
                        GoSyntax.strategy(strategy, "StatefulSetUpdateStrategy", "RollingUpdateStatefulSetStrategy"),
                        "must be 'RollingUpdate' or 'OnDelete'");
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        Set<String> fields = new TreeSet<>();
        updated.path("spec").fieldNames().forEachRemaining(fields::add);
        old.path("spec").fieldNames().forEachRemaining(fields::add);
        fields.removeAll(CHANGEABLE);
        boolean changed = fields.stream()
                .anyMatch(field -> !Tree.same(
                        updated.path("spec").path(field), old.path("spec").path(field)));
        if (changed) {
            problems.forbidden("spec", FIXED);
        }
    }
}
