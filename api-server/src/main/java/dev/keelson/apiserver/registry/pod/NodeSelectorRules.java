package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;

/** What valid selectors of nodes are, in pods and in volumes (core/validation's {@code ValidateNodeSelector}). */
public final class NodeSelectorRules {
    private static final String NO_OPERATOR = "not a valid selector operator";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private NodeSelectorRules() {}

    /** A {@code core/v1 NodeAffinity}. */
    static void affinity(JsonNode affinity, String path, Problems problems) {
        if (affinity.path(REQUIRED).isObject()) {
            selector(affinity.path(REQUIRED), path + "." + REQUIRED, problems);
        }
        Tree.items(affinity.path(PREFERRED), path + "." + PREFERRED).forEach(item -> {
            weight(item, problems);
            // Kubernetes takes any value here: the pod is scheduled all the same.
            term(item.value().path("preference"), true, item.path() + ".preference", problems);
        });
    }

    /** How much a preference counts. */
    static void weight(Tree.Item preference, Problems problems) {
        JsonNode weight = preference.value().path("weight");
        if (weight.asLong(0) < 1 || weight.asLong(0) > 100) {
            problems.invalid(preference.path() + ".weight", weight, "must be in the range 1-100");
        }
    }

    /** A {@code core/v1 NodeSelector}. */
    public static void selector(JsonNode selector, String path, Problems problems) {
        String terms = path + ".nodeSelectorTerms";
        if (selector.path("nodeSelectorTerms").isEmpty()) {
            problems.required(terms, "must have at least one node selector term");
        }
        Tree.items(selector.path("nodeSelectorTerms"), terms)
                .forEach(item -> term(item.value(), false, item.path(), problems));
    }

    private static void term(JsonNode term, boolean anyValue, String path, Problems problems) {
        Tree.items(term.path("matchExpressions"), path + ".matchExpressions")
                .forEach(item -> label(item, anyValue, problems));
        Tree.items(term.path("matchFields"), path + ".matchFields").forEach(item -> field(item, problems));
    }

    private static void label(Tree.Item item, boolean anyValue, Problems problems) {
        JsonNode values = item.value().path("values");
        String at = item.path() + ".values";
        switch (Tree.text(item.value(), "operator")) {
            case "In", "NotIn" -> {
                if (values.isEmpty()) {
                    problems.required(at, "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (!values.isEmpty()) {
                    problems.forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            case "Gt", "Lt" -> {
                if (values.size() != 1) {
                    problems.required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> problems.invalid(item.path() + ".operator", Tree.text(item.value(), "operator"), NO_OPERATOR);
        }
        LabelNames.keyProblems(Tree.text(item.value(), "key"))
                .forEach(words ->
                        problems.invalid(item.path() + ".key", item.value().path("key"), words));
        if (anyValue) {
            return;
        }
        Tree.items(values, at)
                .forEach(value -> LabelNames.valueProblems(value.value().asText())
                        .forEach(words -> problems.invalid(value.path(), value.value(), words)));
    }

    private static void field(Tree.Item item, Problems problems) {
        JsonNode values = item.value().path("values");
        String at = item.path() + ".values";
        switch (Tree.text(item.value(), "operator")) {
            case "In", "NotIn" -> {
                if (values.size() != 1) {
                    problems.required(
                            at, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
                }
            }
            default -> problems.invalid(item.path() + ".operator", Tree.text(item.value(), "operator"), NO_OPERATOR);
        }
        String key = Tree.text(item.value(), "key");
        if (key.equals("metadata.name")) {
            Tree.items(values, at)
                    .forEach(value -> problems.named(value.path(), value.value(), NameRule.DNS_SUBDOMAIN));
        } else {
            problems.invalid(item.path() + ".key", key, "not a valid field selector key");
        }
    }
}
