package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The conditions of a CustomResourceDefinition. */
public final class CrdStatus {
    /** Keeps a definition until its objects are gone. */
    public static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private CrdStatus() {}

    public static boolean isTrue(ObjectNode crd, String type) {
        return Tree.objects(crd, "status", "conditions").stream()
                .anyMatch(condition -> Tree.text(condition, "type").equals(type)
                        && Tree.text(condition, "status").equals("True"));
    }

    /** Why a condition is as it is; empty when there is none. */
    public static String reason(ObjectNode crd, String type) {
        return Tree.objects(crd, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals(type))
                .map(condition -> Tree.text(condition, "reason"))
                .findFirst()
                .orElse("");
    }

    /** Sets a condition; its time moves only when its status does. */
    public static void setCondition(
            ObjectNode status, String type, boolean holds, String reason, String message, Instant now) {
        ArrayNode conditions = status.withArray("/conditions");
        ObjectNode condition = Tree.objects(conditions).stream()
                .filter(one -> Tree.text(one, "type").equals(type))
                .findFirst()
                .orElseGet(conditions::addObject);
        String word = holds ? "True" : "False";
        if (!Tree.text(condition, "status").equals(word)) {
            condition.put(
                    "lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        condition
                .put("message", message)
                .put("reason", reason)
                .put("status", word)
                .put("type", type);
    }
}
