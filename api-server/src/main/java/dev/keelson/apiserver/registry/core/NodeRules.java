package dev.keelson.apiserver.registry.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Addresses;
import dev.keelson.apiserver.registry.rules.Problems;
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
        Tree.items(Tree.at(node, "spec", "taints"), "spec.taints").forEach(item -> {
            taint(item, problems);
            String identity = Tree.text(item.value(), "key") + ":" + Tree.text(item.value(), "effect");
            if (!seen.add(identity)) {
                problems.duplicate(item.path(), item.value());
            }
        });
        Tree.items(Tree.at(node, "spec", "podCIDRs"), "spec.podCIDRs").forEach(item -> {
            if (!Addresses.isCidr(item.value().asText())) {
                problems.invalid(item.path(), item.value(), Addresses.CIDR_WORDS);
            }
        });
    }

    private static void taint(Tree.Item item, Problems problems) {
        JsonNode taint = item.value();
        LabelNames.keyProblem(Tree.text(taint, "key"))
                .ifPresent(words -> problems.invalid(item.path() + ".key", taint.path("key"), words));
        LabelNames.valueProblem(Tree.text(taint, "value"))
                .ifPresent(words -> problems.invalid(item.path() + ".value", taint.path("value"), words));
        if (Tree.text(taint, "effect").isEmpty()) {
            problems.required(item.path() + ".effect", "");
        } else {
            problems.oneOf(item.path() + ".effect", taint.path("effect"), EFFECTS);
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        onlyOnce(updated, old, "podCIDR", problems);
        onlyOnce(updated, old, "podCIDRs", problems);
        onlyOnce(updated, old, "providerID", problems);
    }

    private static void onlyOnce(ObjectNode updated, ObjectNode old, String field, Problems problems) {
        JsonNode before = Tree.at(old, "spec", field);
        boolean wasSet = before.isArray() ? !before.isEmpty() : Tree.has(before);
        if (wasSet && !Tree.same(before, Tree.at(updated, "spec", field))) {
            problems.forbidden("spec." + field, "node updates may not change " + field + " except from \"\" to valid");
        }
    }
}
