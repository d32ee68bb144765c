package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What counts of pods the status of a workload may have.
 *
 * @param some pods of which there cannot be more than there are, beside those that are ready and available
 * @param missing pods that are not there
 */
public record ReplicaCounts(List<String> some, List<String> missing) implements KindRules.ChangeCheck {

    public ReplicaCounts {
        some = List.copyOf(some);
        missing = List.copyOf(missing);
    }

    @Override
    public void check(ObjectNode updated, ObjectNode old, Problems problems) {
        List<String> all = new ArrayList<>(List.of("replicas"));
        List<String> limited = new ArrayList<>(some);
        limited.addAll(List.of("readyReplicas", "availableReplicas"));
        all.addAll(limited);
        all.addAll(missing);
        all.add("observedGeneration");
        StatusRules.counts(updated, all, problems);
        limited.forEach(field ->
                StatusRules.notAbove(updated, field, "replicas", "cannot be greater than status.replicas", problems));
        StatusRules.notAbove(
                updated, "availableReplicas", "readyReplicas", "cannot be greater than readyReplicas", problems);
        collisions(updated, old, problems);
    }

    /** Names that were found taken stay found. */
    public static void collisions(ObjectNode updated, ObjectNode old, Problems problems) {
        String field = "collisionCount";
        JsonNode now = updated.path("status").path(field);
        JsonNode then = old.path("status").path(field);
        problems.notNegative("status." + field, now);
        if (then.isNumber() && (!now.isNumber() || now.asLong() < then.asLong())) {
            JsonNode shown = JsonNodeFactory.instance.numberNode(now.asLong(0));
            problems.invalid("status." + field, shown, "cannot be decremented");
        }
    }
}
