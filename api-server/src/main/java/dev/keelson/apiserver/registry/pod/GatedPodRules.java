package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/**
 * What may still change about the nodes of a pod that a gate holds back from the scheduler: they may become fewer
 * (Kubernetes KEP-3838).
 */
final class GatedPodRules {
    private static final String ADDITIONS = "only additions are allowed (no mutations or deletions)";
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

    private GatedPodRules() {}

    /** Judges what changed, and makes it equal so that it does not count as a change any more. */
    static void adopt(ObjectNode after, ObjectNode before, Problems problems) {
        if (before.path("schedulingGates").isEmpty()) {
            return;
        }
        JsonNode selector = after.path("nodeSelector");
        boolean kept = before.path("nodeSelector").properties().stream()
                .allMatch(entry -> entry.getValue().equals(selector.path(entry.getKey())));
        if (!kept) {
            problems.invalidShown(
                    "spec.nodeSelector",
                    GoSyntax.texts(selector),
                    "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        }
        Tree.carry(after, before, "nodeSelector");
        terms(
                Tree.at(after, "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms"),
                Tree.at(before, "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms"),
                problems);
        carryNodeAffinity(after, before);
    }

    private static void terms(JsonNode after, JsonNode before, Problems problems) {
        String path = "spec.affinity.nodeAffinity." + REQUIRED + ".nodeSelectorTerms";
        if (before.isEmpty()) {
            return;
        }
        if (after.size() != before.size()) {
            problems.invalid(path, after, "no additions/deletions to non-empty NodeSelectorTerms list are allowed");
            return;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!narrower(after.get(i), before.get(i))) {
                problems.invalid(path + "[" + i + "]", after.get(i), ADDITIONS);
            }
        }
    }

    /** What was asked for still begins each list; a term that asked for nothing matches nothing, and stays so. */
    private static boolean narrower(JsonNode after, JsonNode before) {
        List<String> lists = List.of("matchExpressions", "matchFields");
        if (lists.stream().allMatch(list -> before.path(list).isEmpty())) {
            return lists.stream().allMatch(list -> after.path(list).isEmpty());
        }
        return lists.stream().allMatch(list -> {
            List<JsonNode> had = before.path(list).valueStream().toList();
            List<JsonNode> has = after.path(list).valueStream().toList();
            return has.size() >= had.size() && has.subList(0, had.size()).equals(had);
        });
    }

    private static void carryNodeAffinity(ObjectNode after, ObjectNode before) {
        JsonNode had = Tree.at(before, "affinity", "nodeAffinity");
        if (!had.isObject() && !after.path("affinity").isObject()) {
            return;
        }
        ObjectNode affinity = Tree.child(after, "affinity");
        Tree.carry(affinity, before.path("affinity"), "nodeAffinity");
        if (affinity.isEmpty() && !before.has("affinity")) {
            after.remove("affinity");
        }
    }
}
