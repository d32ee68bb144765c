package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.stream.Stream;

/**
 * Labels of a pod by whose values it wants to be near to others, or away from them, become part of what it selects, once
 * and for all when it is made (Kubernetes KEP-3633).
 */
final class AffinityKeys {
    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private AffinityKeys() {}

    static void apply(ObjectNode pod) {
        JsonNode labels = Tree.at(pod, "metadata", "labels");
        Stream.of("podAffinity", "podAntiAffinity")
                .map(kind -> Tree.at(pod, "spec", "affinity", kind))
                .flatMap(AffinityKeys::terms)
                .forEach(term -> Tree.object(term, "labelSelector").ifPresent(selector -> {
                    add(selector, Tree.texts(term, "matchLabelKeys"), "In", labels);
                    add(selector, Tree.texts(term, "mismatchLabelKeys"), "NotIn", labels);
                }));
    }

    private static Stream<JsonNode> terms(JsonNode affinity) {
        return Stream.concat(
                affinity.path(REQUIRED).valueStream(),
                affinity.path(PREFERRED).valueStream().map(preference -> preference.path("podAffinityTerm")));
    }

    private static void add(ObjectNode selector, List<String> keys, String operator, JsonNode labels) {
        for (String key : keys) {
            if (labels.path(key).isTextual()) {
                expressions(selector)
                        .addObject()
                        .put("key", key)
                        .put("operator", operator)
                        .putArray("values")
                        .add(labels.path(key).textValue());
            }
        }
    }

    private static ArrayNode expressions(ObjectNode selector) {
        return selector.get("matchExpressions") instanceof ArrayNode present
                ? present
                : selector.putArray("matchExpressions");
    }
}
