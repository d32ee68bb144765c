package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.TreeSet;

/** What an update may change in a pod: almost nothing, because its containers are running (ValidatePodUpdate). */
final class PodUpdateRules {
    private static final String WORDS =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                    + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private PodUpdateRules() {}

    static void validate(ObjectNode updated, ObjectNode old, Problems problems) {
        AnnotationRules.validateChange(updated, old, problems);
        ObjectNode after = specOf(updated);
        ObjectNode before = specOf(old);
        for (String list : List.of("containers", "initContainers")) {
            if (after.path(list).size() != before.path(list).size()) {
                problems.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
            adopt(after, before, list);
        }
        if (!deadline(after, before, problems)) {
            return;
        }
        tolerations(after, before, problems);
        GatedPodRules.adopt(after, before, problems);
        gates(after, before, problems);
        grace(after, before);
        List<String> changed = differences(after, before);
        if (!changed.isEmpty()) {
            problems.forbidden("spec", WORDS + "; changed: " + String.join(", ", changed));
        }
    }

    private static ObjectNode specOf(ObjectNode pod) {
        return pod.path("spec") instanceof ObjectNode spec ? spec.deepCopy() : pod.objectNode();
    }

    /** Makes the images equal, so that a change of them does not count. */
    private static void adopt(ObjectNode after, ObjectNode before, String list) {
        List<ObjectNode> updated = Tree.objects(after, list);
        List<ObjectNode> old = Tree.objects(before, list);
        for (int i = 0; i < Math.min(updated.size(), old.size()); i++) {
            Tree.carry(updated.get(i), old.get(i), "image");
        }
    }

    /** Answers whether there is anything to be said beside. */
    private static boolean deadline(ObjectNode after, ObjectNode before, Problems problems) {
        String field = "spec.activeDeadlineSeconds";
        JsonNode now = after.path("activeDeadlineSeconds");
        JsonNode then = before.path("activeDeadlineSeconds");
        Tree.carry(after, before, "activeDeadlineSeconds");
        if (now.isNumber() && (now.asLong() < 0 || now.asLong() > Integer.MAX_VALUE)) {
            problems.invalid(field, now, "must be between 0 and 2147483647, inclusive");
            return false;
        }
        if (now.isNumber() && then.isNumber() && now.asLong() > then.asLong()) {
            problems.invalid(field, now, "must be less than or equal to previous value");
            return false;
        }
        if (then.isNumber() && !now.isNumber()) {
            problems.invalid(field, now, "must not update from a positive integer to nil value");
        }
        return true;
    }

    private static void tolerations(ObjectNode after, ObjectNode before, Problems problems) {
        List<ObjectNode> now = withoutSeconds(after);
        if (!now.containsAll(withoutSeconds(before))) {
            problems.forbidden(
                    "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }
        Tree.carry(after, before, "tolerations");
    }

    private static List<ObjectNode> withoutSeconds(ObjectNode spec) {
        return Tree.objects(spec, "tolerations").stream()
                .map(toleration -> {
                    ObjectNode copy = toleration.deepCopy();
                    copy.remove("tolerationSeconds");
                    return copy;
                })
                .toList();
    }

    private static void gates(ObjectNode after, ObjectNode before, Problems problems) {
        List<String> had = Tree.objects(before, "schedulingGates").stream()
                .map(gate -> Tree.text(gate, "name"))
                .toList();
        Tree.items(after.path("schedulingGates"), "spec.schedulingGates").forEach(item -> {
            String gate = Tree.text(item.value(), "name");
            if (!had.contains(gate)) {
                problems.forbidden(
                        item.path() + ".name",
                        "only deletion is allowed, but found new scheduling gate '" + gate + "'");
            }
        });
        Tree.carry(after, before, "schedulingGates");
    }

    private static List<String> differences(ObjectNode after, ObjectNode before) {
        TreeSet<String> fields = new TreeSet<>();
        after.fieldNames().forEachRemaining(fields::add);
        before.fieldNames().forEachRemaining(fields::add);
        return fields.stream()
                .filter(field -> !Tree.same(value(after, field), value(before, field)))
                .map(field -> "spec." + field)
                .toList();
    }

    /** A negative time counts as a second, and may be written as one. */
    private static void grace(ObjectNode after, ObjectNode before) {
        String field = "terminationGracePeriodSeconds";
        boolean mended = before.path(field).asLong() < 0 && after.path(field).asLong() == 1;
        if (mended) {
            Tree.carry(after, before, field);
        }
    }

    private static JsonNode value(ObjectNode spec, String field) {
        return spec.has(field) ? spec.get(field) : MissingNode.getInstance();
    }
}
