package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** A condition of a CustomResourceDefinition. */
public record CrdCondition(String type, boolean holds, String reason, String message) {

    /** Puts it into the status; its time moves only when it begins or ceases to hold. */
    public void setIn(ObjectNode status, Instant now) {
        ObjectNode condition = in(status).orElseGet(status.withArray("/conditions")::addObject);
        if (!Tree.text(condition, "status").equals(word())) {
            condition.put(
                    "lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition
                .put("message", message)
                .put("reason", reason)
                .put("status", word())
                .put("type", type);
    }

    /** Whether the status says exactly this. */
    public boolean isIn(JsonNode status) {
        return in(status)
                .filter(condition -> Tree.text(condition, "status").equals(word()))
                .filter(condition -> Tree.text(condition, "reason").equals(reason))
                .filter(condition -> Tree.text(condition, "message").equals(message))
                .isPresent();
    }

    private Optional<ObjectNode> in(JsonNode status) {
        return Tree.objects(status, "conditions").stream()
                .filter(one -> Tree.text(one, "type").equals(type))
                .findFirst();
    }

    private String word() {
        return holds ? "True" : "False";
    }
}
