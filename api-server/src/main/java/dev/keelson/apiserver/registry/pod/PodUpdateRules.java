package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Problems;

/** What an update may change in a pod. */
final class PodUpdateRules {
    private PodUpdateRules() {}

    static void validate(ObjectNode updated, ObjectNode old, Problems problems) {}
}
