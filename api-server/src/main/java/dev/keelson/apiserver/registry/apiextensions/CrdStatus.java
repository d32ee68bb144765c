package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;

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
}
