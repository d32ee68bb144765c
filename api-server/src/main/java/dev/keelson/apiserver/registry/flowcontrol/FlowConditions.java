package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Conditions;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What FlowSchemas say of the level of their requests: whether there is one of that name (Kubernetes' {@code apf_controller}). */
public final class FlowConditions {
    private static final String DANGLING = "Dangling";

    private FlowConditions() {}

    /** The level of the schema's requests. */
    public static String level(ObjectNode schema) {
        return Tree.text(schema, "spec", "priorityLevelConfiguration", "name");
    }

    /** Whether the schema says it already. */
    public static boolean tells(ObjectNode schema, boolean exists) {
        String message = message(schema, exists);
        return Tree.objects(schema, "status", "conditions").stream()
                .anyMatch(condition -> Tree.text(condition, "type").equals(DANGLING)
                        && Tree.text(condition, "message").equals(message));
    }

    /** Has the schema say it, in place. */
    public static ObjectNode tell(ObjectNode schema, boolean exists, Instant now) {
        Conditions.set(
                        Tree.child(schema, "status"),
                        DANGLING,
                        exists ? "False" : "True",
                        now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("reason", exists ? "Found" : "NotFound")
                .put("message", message(schema, exists));
        return schema;
    }

    private static String message(ObjectNode schema, boolean exists) {
        return "This FlowSchema references the PriorityLevelConfiguration object named \"%s\" %s"
                .formatted(level(schema), exists ? "and it exists" : "but there is no such object");
    }
}
