package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How a container wants to be resized, for each of its resources. */
final class ResizePolicies {
    private static final List<String> RESOURCES = List.of("cpu", "memory");
    private static final List<String> POLICIES = List.of("NotRequired", "RestartContainer");

    private ResizePolicies() {}

    static void validate(JsonNode policies, String path, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(policies, path).forEach(item -> {
            JsonNode resource = item.value().path("resourceName");
            JsonNode policy = item.value().path("restartPolicy");
            if (!RESOURCES.contains(resource.asText())) {
                problems.notSupported(item.path() + ".resourceName", resource, RESOURCES);
            } else if (!seen.add(resource.asText())) {
                problems.duplicate(item.path() + ".resourceName", resource);
            }
            if (!Tree.has(policy)) {
                problems.required(item.path() + ".restartPolicy", "");
            } else {
                problems.oneOf(item.path() + ".restartPolicy", policy, POLICIES);
            }
        });
    }
}
