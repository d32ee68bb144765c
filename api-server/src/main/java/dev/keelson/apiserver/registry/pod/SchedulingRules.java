package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What valid tolerations, spread constraints and scheduling gates are. */
final class SchedulingRules {
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private SchedulingRules() {}

    static void validate(JsonNode spec, String path, Problems problems) {
        tolerations(spec.path("tolerations"), path + ".tolerations", problems);
        SpreadRules.validate(spec.path("topologySpreadConstraints"), path + ".topologySpreadConstraints", problems);
        gates(spec, path, problems);
        NodeSelectorRules.affinity(
                Tree.at(spec, "affinity", "nodeAffinity"), path + ".affinity.nodeAffinity", problems);
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
            LabelNames.keyProblems(Tree.text(toleration, "key"))
                    .forEach(words -> problems.invalid(item.path() + ".key", toleration.path("key"), words));
        } else if (!operator.equals("Exists")) {
            problems.invalid(
                    item.path() + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        switch (operator) {
            case "", "Equal" -> {
                String value = Tree.text(toleration, "value");
                problems.invalid(item.path() + ".operator", value, LabelNames.valueProblems(value), ";");
            }
            case "Exists" -> {
                if (Tree.has(toleration, "value")) {
                    problems.invalidShown(
                            item.path() + ".operator",
                            GoSyntax.toleration(toleration),
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

    private static void gates(JsonNode spec, String path, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(spec.path("schedulingGates"), path + ".schedulingGates").forEach(item -> {
            JsonNode name = item.value().path("name");
            LabelNames.keyProblems(name.asText("")).forEach(words -> problems.invalid(item.path(), name, words));
            if (!seen.add(name.asText(""))) {
                problems.duplicate(item.path(), name);
            }
        });
        Tree.items(spec.path("readinessGates"), path + ".readinessGates").forEach(item -> {
            JsonNode type = item.value().path("conditionType");
            LabelNames.keyProblems(type.asText(""))
                    .forEach(words -> problems.invalid(item.path() + ".conditionType", type, words));
        });
    }

    private static void affinity(JsonNode affinity, String path, Problems problems) {
        String required = "requiredDuringSchedulingIgnoredDuringExecution";
        Tree.items(affinity.path(required), path + "." + required)
                .forEach(item -> term(item.value(), item.path(), problems));
        String preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        Tree.items(affinity.path(preferred), path + "." + preferred).forEach(item -> {
            NodeSelectorRules.weight(item, problems);
            term(item.value().path("podAffinityTerm"), item.path() + ".podAffinityTerm", problems);
        });
    }

    private static void term(JsonNode term, String path, Problems problems) {
        for (String selector : List.of("labelSelector", "namespaceSelector")) {
            LabelRules.selector(term.path(selector), path + "." + selector, problems);
        }
        term.path("namespaces")
                .forEach(namespace -> problems.named(path + ".namespace", namespace, NameRule.DNS_LABEL));
        labelKeys(term, path, problems);
        problems.requireText(path, term, "topologyKey", "can not be empty");
        LabelNames.keyProblems(Tree.text(term, "topologyKey"))
                .forEach(words -> problems.invalid(path + ".topologyKey", Tree.text(term, "topologyKey"), words));
    }

    /** Labels whose values the pod itself says. They have become part of the selector when this is judged. */
    private static void labelKeys(JsonNode term, String path, Problems problems) {
        JsonNode selector = term.path("labelSelector");
        for (String list : List.of("matchLabelKeys", "mismatchLabelKeys")) {
            if (!selector.isObject() && !term.path(list).isEmpty()) {
                problems.forbidden(path + "." + list, "must not be specified when labelSelector is not set");
            } else {
                Tree.items(term.path(list), path + "." + list)
                        .forEach(item -> LabelNames.keyProblems(item.value().asText())
                                .forEach(words -> problems.invalid(item.path(), item.value(), words)));
            }
        }
        List<String> matched = Tree.texts(term, "matchLabelKeys");
        Set<String> selected = new HashSet<>();
        selector.path("matchLabels").fieldNames().forEachRemaining(selected::add);
        for (JsonNode expression : selector.path("matchExpressions")) {
            String key = Tree.text(expression, "key");
            if (!selected.add(key) && matched.contains(key)) {
                problems.invalid(
                        path + "[" + matched.lastIndexOf(key) + "]",
                        key,
                        "exists in both matchLabelKeys and labelSelector");
            }
        }
        List<String> mismatched = Tree.texts(term, "mismatchLabelKeys");
        Tree.items(term.path("matchLabelKeys"), path + ".matchLabelKeys")
                .filter(item -> mismatched.contains(item.value().asText()))
                .forEach(item -> problems.invalid(
                        item.path(), item.value(), "exists in both matchLabelKeys and mismatchLabelKeys"));
    }
}
