package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A status's list of conditions, of which there is at most one of each type. */
public final class Conditions {
    private Conditions() {}

    /** Whether the status says so. */
    public static boolean holds(ObjectNode status, String type) {
        return Tree.objects(status, "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals(type))
                .findFirst()
                .filter(condition -> Tree.text(condition, "status").equals("True"))
                .isPresent();
    }

    /**
     * Sets one condition, and answers it for what else there is to say; one of that type that is there already is changed in
     * its place.
     *
     * @param now as the time of the transition, when it is one
     */
    public static ObjectNode set(ObjectNode status, String type, String value, String now) {
        ObjectNode condition = of(status, type);
        if (!Tree.text(condition, "status").equals(value)) {
            condition.put("lastTransitionTime", now);
        }
        return condition.put("type", type).put("status", value);
    }

    private static ObjectNode of(ObjectNode status, String type) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode present ? present : status.putArray("conditions");
        for (JsonNode condition : conditions) {
            if (condition instanceof ObjectNode found
                    && Tree.text(found, "type").equals(type)) {
                return found;
            }
        }
        return conditions.addObject();
    }
}
