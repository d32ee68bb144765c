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

    /** @param restartPolicy of the pod */
    static void validate(JsonNode policies, String path, String restartPolicy, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(policies, path).forEach(item -> {
            JsonNode resource = item.value().path("resourceName");
            JsonNode policy = item.value().path("restartPolicy");
            if (!seen.add(resource.asText())) {
                problems.duplicate(item.path(), resource);
            }
            word(path, resource, RESOURCES, problems);
            word(path, policy, POLICIES, problems);
            if (restartPolicy.equals("Never") && !policy.asText().equals("NotRequired")) {
                problems.invalid(path, policy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
            }
        });
    }

    private static void word(String path, JsonNode word, List<String> known, Problems problems) {
        if (Tree.has(word)) {
            problems.oneOf(path, word, known);
        } else {
            problems.required(path, "");
        }
    }
}
