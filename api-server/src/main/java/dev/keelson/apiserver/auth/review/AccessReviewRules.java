package dev.keelson.apiserver.auth.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Which questions about access make sense (Kubernetes' {@code authorization/validation}). */
final class AccessReviewRules {
    private static final String RESOURCE = "spec.resourceAttributes";

    private AccessReviewRules() {}

    static List<FieldError> problems(ObjectNode review) {
        Problems problems = new Problems();
        ObjectNode metadata = Tree.child(review.deepCopy(), "metadata");
        metadata.remove(List.of("managedFields", "namespace"));
        if (!metadata.isEmpty()) {
            problems.invalid("metadata", metadata, "must be empty");
        }
        JsonNode resource = Tree.at(review, "spec", "resourceAttributes");
        JsonNode path = Tree.at(review, "spec", "nonResourceAttributes");
        if (resource.isObject() && path.isObject()) {
            problems.invalid(
                    "spec.nonResourceAttributes", path, "cannot be specified in combination with resourceAttributes");
        } else if (!resource.isObject() && !path.isObject()) {
            problems.invalid(
                    RESOURCE, resource, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        for (String selector : List.of("fieldSelector", "labelSelector")) {
            if (resource.path(selector).isObject()) {
                selector(resource.path(selector), RESOURCE + "." + selector, problems);
            }
        }
        return problems.list();
    }

    private static void selector(JsonNode selector, String path, Problems problems) {
        boolean raw = Tree.has(selector, "rawSelector");
        boolean requirements = !selector.path("requirements").isEmpty();
        if (raw && requirements) {
            problems.invalid(
                    path + ".rawSelector",
                    selector.path("rawSelector"),
                    "may not specified at the same time as requirements");
        }
        if (!raw && !requirements) {
            problems.required(
                    path + ".requirements", "when " + path + " is specified, requirements or rawSelector is required");
        }
        Tree.items(selector.path("requirements"), path + ".requirements").forEach(item -> {
            problems.requireText(item.path(), item.value(), "key", "must be specified");
            boolean values = !item.value().path("values").isEmpty();
            switch (Tree.text(item.value(), "operator")) {
                case "In", "NotIn" -> {
                    if (!values) {
                        problems.required(
                                item.path() + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
                    }
                }
                case "Exists", "DoesNotExist" -> {
                    if (values) {
                        problems.forbidden(
                                item.path() + ".values",
                                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    }
                }
                default -> {
                    // A newer server that asks may know more operators.
                }
            }
        });
    }
}
