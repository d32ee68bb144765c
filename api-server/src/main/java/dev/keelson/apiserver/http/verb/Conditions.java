package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Changes to a status's list of conditions. */
final class Conditions {
    private Conditions() {}

    /** Whether the status says so. */
    static boolean holds(ObjectNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** Sets one condition, and answers it; one of that type that is there already is replaced in its place. */
    static ObjectNode set(ObjectNode status, String type, String value, String now) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode present ? present : status.putArray("conditions");
        ObjectNode condition = find(conditions, type);
        condition.put("type", type).put("status", value).put("lastTransitionTime", now);
        condition.putNull("lastProbeTime");
        return condition;
    }

    private static ObjectNode find(ArrayNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition instanceof ObjectNode found
                    && found.path("type").asText().equals(type)) {
                return found;
            }
        }
        return conditions.addObject();
    }
}
