package dev.keelson.apiserver.custom.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.custom.schema.Structural;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * One of the {@code x-kubernetes-validations} of a schema.
 *
 * @param message what to say when it does not hold; empty for the rule itself
 * @param messageExpression an expression that makes the message; empty for none
 * @param fieldPath where the error belongs, below the value that is judged; empty for the value
 * @param optionalOldSelf whether it also runs when there is no old value
 */
record CelRule(
        String rule,
        String message,
        String messageExpression,
        String reason,
        String fieldPath,
        boolean optionalOldSelf) {

    static List<CelRule> of(Structural schema) {
        JsonNode given = schema.node().path("x-kubernetes-validations");
        if (given.isEmpty()) {
            return List.of();
        }
        List<CelRule> rules = new ArrayList<>();
        for (JsonNode one : given) {
            rules.add(new CelRule(
                    Tree.text(one, "rule"),
                    Tree.text(one, "message"),
                    Tree.text(one, "messageExpression"),
                    Tree.text(one, "reason"),
                    Tree.text(one, "fieldPath"),
                    Tree.isTrue(one, "optionalOldSelf")));
        }
        return rules;
    }

    /** What is said when the rule does not hold and no expression says it. */
    String fallbackMessage() {
        return message.isEmpty() ? "failed rule: " + shown() : message.strip();
    }

    /** How errors of the rule itself call it. */
    String shown() {
        return (message.isEmpty() ? rule : message).strip();
    }
}
