package dev.keelson.apiserver.http.verb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Changes to a status's list of conditions. */
final class Conditions {
    private Conditions() {}

    /** Sets one condition; a condition of that type that is there already is replaced in its place. */
    static void set(ObjectNode status, String type, String value, String now) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode present ? present : status.putArray("conditions");
        ObjectNode condition = find(conditions, type);
        condition.put("type", type).put("status", value).put("lastTransitionTime", now);
        condition.putNull("lastProbeTime");
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
