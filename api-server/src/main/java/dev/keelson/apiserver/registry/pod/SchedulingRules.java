package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.List;

/** What valid tolerations, spread constraints and scheduling gates are. */
final class SchedulingRules {
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private SchedulingRules() {}

    static void validate(JsonNode spec, String path, Problems problems) {
        tolerations(spec.path("tolerations"), path + ".tolerations", problems);
        Tree.items(spec.path("topologySpreadConstraints"), path + ".topologySpreadConstraints")
                .forEach(item -> spread(item, problems));
        Tree.items(spec.path("schedulingGates"), path + ".schedulingGates").forEach(item -> LabelNames.keyProblem(
                        Tree.text(item.value(), "name"))
                .ifPresent(words -> problems.invalid(item.path(), item.value().path("name"), words)));
        for (String kind : List.of("podAffinity", "podAntiAffinity")) {
            affinity(Tree.at(spec, "affinity", kind), path + ".affinity." + kind, problems);
        }
    }

    static void tolerations(JsonNode tolerations, String path, Problems problems) {
        Tree.items(tolerations, path).forEach(item -> toleration(item, problems));
    }

    private static void toleration(Tree.Item item, Problems problems) {
        JsonNode toleration = item.value();
        String operator = Tree.text(toleration, "operator");
        boolean hasKey = Tree.has(toleration, "key");
        if (hasKey) {
            LabelNames.keyProblem(Tree.text(toleration, "key"))
                    .ifPresent(words -> problems.invalid(item.path() + ".key", toleration.path("key"), words));
        } else if (!operator.equals("Exists")) {
            problems.invalid(
                    item.path() + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        switch (operator) {
            case "", "Equal" ->
                LabelNames.valueProblem(Tree.text(toleration, "value"))
                        .ifPresent(
                                words -> problems.invalid(item.path() + ".operator", toleration.path("value"), words));
            case "Exists" -> {
                if (Tree.has(toleration, "value")) {
                    problems.invalid(
                            item.path() + ".operator",
                            toleration.path("value"),
                            "value must be empty when `operator` is 'Exists'");
                }
            }
            default ->
                problems.notSupported(
                        item.path() + ".operator", toleration.path("operator"), List.of("Equal", "Exists"));
        }
        problems.oneOf(item.path() + ".effect", toleration.path("effect"), EFFECTS);
        if (Tree.has(toleration, "tolerationSeconds")
                && !Tree.text(toleration, "effect").equals("NoExecute")) {
            problems.invalid(
                    item.path() + ".effect",
                    toleration.path("effect"),
                    "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
    }

    private static void spread(Tree.Item item, Problems problems) {
        JsonNode constraint = item.value();
        if (Tree.number(constraint, "maxSkew").orElse(0L) <= 0) {
            problems.invalid(item.path() + ".maxSkew", constraint.path("maxSkew"), "must be greater than zero");
        }
        if (problems.requireText(item.path(), constraint, "topologyKey", "can not be empty")) {
            LabelNames.keyProblem(Tree.text(constraint, "topologyKey"))
                    .ifPresent(words ->
                            problems.invalid(item.path() + ".topologyKey", constraint.path("topologyKey"), words));
        }
        if (!List.of("DoNotSchedule", "ScheduleAnyway").contains(Tree.text(constraint, "whenUnsatisfiable"))) {
            problems.notSupported(
                    item.path() + ".whenUnsatisfiable",
                    constraint.path("whenUnsatisfiable"),
                    List.of("DoNotSchedule", "ScheduleAnyway"));
        }
        LabelRules.selector(constraint.path("labelSelector"), item.path() + ".labelSelector", problems);
    }

    private static void affinity(JsonNode affinity, String path, Problems problems) {
        String required = "requiredDuringSchedulingIgnoredDuringExecution";
        Tree.items(affinity.path(required), path + "." + required)
                .forEach(item -> term(item.value(), item.path(), problems));
        String preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        Tree.items(affinity.path(preferred), path + "." + preferred).forEach(item -> {
            long weight = Tree.number(item.value(), "weight").orElse(0L);
            if (weight < 1 || weight > 100) {
                problems.invalid(item.path() + ".weight", item.value().path("weight"), "must be in the range 1-100");
            }
            term(item.value().path("podAffinityTerm"), item.path() + ".podAffinityTerm", problems);
        });
    }

    private static void term(JsonNode term, String path, Problems problems) {
        problems.requireText(path, term, "topologyKey", "can not be empty");
        LabelRules.selector(term.path("labelSelector"), path + ".labelSelector", problems);
    }
}
