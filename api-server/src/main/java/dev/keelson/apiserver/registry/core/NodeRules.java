package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.QuantityRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a valid Node is, and that its address range and provider stay what they are. */
final class NodeRules {
    private static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private NodeRules() {}

    static void validate(ObjectNode node, Problems problems) {
        Set<String> seen = new HashSet<>();
        // Kubernetes looks for taints in the metadata when it says where they are.
        Tree.items(Tree.at(node, "spec", "taints"), "metadata.taints").forEach(item -> {
            taint(item, problems);
            String identity = Tree.text(item.value(), "key") + ":" + Tree.text(item.value(), "effect");
            if (!seen.add(identity)) {
                problems.duplicateShown(
                        item.path(), GoSyntax.taint(item.value()), "taints must be unique by key and effect pair");
            }
        });
        ranges(Tree.at(node, "spec", "podCIDRs"), problems);
        validateStatus(node, problems);
    }

    static void validateStatus(ObjectNode node, Problems problems) {
        for (String list : List.of("capacity", "allocatable")) {
            Tree.at(node, "status", list).properties().forEach(amount -> {
                String path = "status.%s.%s".formatted(list, amount.getKey());
                QuantityRules.amount(amount.getKey(), amount.getValue(), path, problems);
            });
        }
        Set<JsonNode> seen = new HashSet<>();
        Tree.items(Tree.at(node, "status", "addresses"), "status.addresses").forEach(item -> {
            if (!seen.add(item.value())) {
                problems.duplicateShown(item.path(), GoSyntax.nodeAddress(item.value()), "");
            }
        });
    }

    private static void ranges(JsonNode ranges, Problems problems) {
        int before = problems.count();
        Set<String> seen = new HashSet<>();
        Tree.items(ranges, "spec.podCIDRs").forEach(item -> {
            if (!Addresses.isCidr(item.value().asText())) {
                problems.invalid(item.path(), item.value(), Addresses.CIDR_WORDS);
            }
            if (!seen.add(item.value().asText())) {
                problems.duplicate(item.path(), item.value());
            }
        });
        long families = ranges.valueStream()
                .map(range -> Addresses.familyOf(range.asText().split("/")[0]))
                .distinct()
                .count();
        if (problems.count() == before && ranges.size() > 1 && (families < 2 || ranges.size() > 2)) {
            problems.invalidShown(
                    "spec.podCIDRs", GoSyntax.list(ranges), "may specify no more than one CIDR for each IP family");
        }
    }

    private static void taint(Tree.Item item, Problems problems) {
        JsonNode taint = item.value();
        LabelNames.keyProblems(Tree.text(taint, "key"))
                .forEach(words -> problems.invalid(item.path() + ".key", taint.path("key"), words));
        String value = Tree.text(taint, "value");
        problems.invalid(item.path() + ".value", value, LabelNames.valueProblems(value), ";");
        if (Tree.text(taint, "effect").isEmpty()) {
            problems.required(item.path() + ".effect", "");
        } else {
            problems.oneOf(item.path() + ".effect", taint.path("effect"), EFFECTS);
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        onlyOnce(updated, old, "podCIDRs", "podCIDR", problems);
        onlyOnce(updated, old, "providerID", "providerID", problems);
    }

    /** @param word by which messages name the field */
    private static void onlyOnce(ObjectNode updated, ObjectNode old, String field, String word, Problems problems) {
        JsonNode before = Tree.at(old, "spec", field);
        boolean wasSet = before.isArray() ? !before.isEmpty() : Tree.has(before);
        if (wasSet && !Tree.same(before, Tree.at(updated, "spec", field))) {
            problems.forbidden("spec." + field, "node updates may not change " + word + " except from \"\" to valid");
        }
    }
}
