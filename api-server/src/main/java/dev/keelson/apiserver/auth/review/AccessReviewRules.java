package dev.keelson.apiserver.auth.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.FieldError;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** Which questions about access make sense (Kubernetes' {@code authorization/validation}). */
final class AccessReviewRules {
    private static final String RESOURCE = "spec.resourceAttributes";
    private static final String PATH = "spec.nonResourceAttributes";

    private AccessReviewRules() {}

    static List<FieldError> ofSelf(ObjectNode review) {
        Problems problems = new Problems();
        spec(review, problems);
        metadata(review, "must be empty", problems);
        return problems.list();
    }

    static List<FieldError> ofOther(ObjectNode review) {
        Problems problems = new Problems();
        subject(review, problems);
        metadata(review, "must be empty", problems);
        return problems.list();
    }

    static List<FieldError> ofOtherHere(ObjectNode review) {
        Problems problems = new Problems();
        subject(review, problems);
        metadata(review, "must be empty except for namespace", problems);
        JsonNode resource = Tree.at(review, "spec", "resourceAttributes");
        String namespace = Meta.namespace(review);
        if (resource.isObject() && !Tree.text(resource, "namespace").equals(namespace)) {
            problems.invalid(
                    RESOURCE + ".namespace",
                    Tree.text(resource, "namespace"),
                    "must match metadata.namespace, which is " + namespace);
        }
        JsonNode path = Tree.at(review, "spec", "nonResourceAttributes");
        if (path.isObject()) {
            problems.invalid(PATH, path, "disallowed on this kind of request");
        }
        return problems.list();
    }

    private static void subject(ObjectNode review, Problems problems) {
        spec(review, problems);
        JsonNode spec = review.path("spec");
        if (!Tree.has(spec, "user") && spec.path("groups").isEmpty()) {
            problems.invalid("spec.user", "", "at least one of user or group must be specified");
        }
    }

    private static void spec(ObjectNode review, Problems problems) {
        JsonNode resource = Tree.at(review, "spec", "resourceAttributes");
        JsonNode path = Tree.at(review, "spec", "nonResourceAttributes");
        if (resource.isObject() && path.isObject()) {
            problems.invalid(PATH, path, "cannot be specified in combination with resourceAttributes");
        } else if (!resource.isObject() && !path.isObject()) {
            problems.invalid(
                    RESOURCE, resource, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        for (String selector : List.of("fieldSelector", "labelSelector")) {
            if (resource.path(selector).isObject()) {
                selector(resource.path(selector), RESOURCE + "." + selector, problems);
            }
        }
    }

    private static void metadata(ObjectNode review, String words, Problems problems) {
        ObjectNode metadata = Tree.child(review.deepCopy(), "metadata");
        metadata.remove(List.of("managedFields", "namespace"));
        if (!metadata.isEmpty()) {
            problems.invalid("metadata", metadata, words);
        }
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
