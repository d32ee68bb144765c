package dev.keelson.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Lists whose items say what they are, so that each of them, and the whole list, can be applied again. */
public final class NamedKinds {
    private NamedKinds() {}

    /**
     * What kubectl prints of an answer: a {@code v1.List} of objects with their kinds, which the items of a list of a
     * built-in kind leave out; a single object as it is.
     */
    public static JsonNode of(JsonNode answer) {
        if (!answer.has("items")) {
            return answer;
        }
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("apiVersion", "v1").put("kind", "List");
        String kind = answer.path("kind").asText().replaceFirst("List$", "");
        String apiVersion = answer.path("apiVersion").asText();
        ArrayNode items = list.putArray("items");
        for (JsonNode item : answer.path("items")) {
            ObjectNode named = items.addObject();
            named.put("apiVersion", apiVersion).put("kind", kind);
            named.setAll((ObjectNode) item);
        }
        return list;
    }
}
