package dev.keelson.apiserver.registry.flowcontrol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What a valid FlowSchema is (Kubernetes' {@code flowcontrol/validation}). */
final class FlowSchemaRules {
    private static final int HIGHEST_PRECEDENCE = 10_000;

    private FlowSchemaRules() {}

    static void validate(ObjectNode schema, Problems problems) {
        JsonNode spec = schema.path("spec");
        JsonNode precedence = spec.path("matchingPrecedence");
        problems.positive("spec.matchingPrecedence", precedence);
        if (precedence.asLong(0) > HIGHEST_PRECEDENCE) {
            problems.invalid("spec.matchingPrecedence", precedence, "must not be greater than " + HIGHEST_PRECEDENCE);
        }
        problems.requireText(
                "spec.priorityLevelConfiguration",
                spec.path("priorityLevelConfiguration"),
                "name",
                "must reference a priority level");
        problems.oneOf(
                "spec.distinguisherMethod.type",
                Tree.at(spec, "distinguisherMethod", "type"),
                List.of("ByNamespace", "ByUser"));
        Tree.items(spec.path("rules"), "spec.rules").forEach(item -> rule(item, problems));
    }

    private static void rule(Tree.Item item, Problems problems) {
        JsonNode rule = item.value();
        if (rule.path("subjects").isEmpty()) {
            problems.required(item.path() + ".subjects", "subjects must contain at least one value");
        }
        Tree.items(rule.path("subjects"), item.path() + ".subjects").forEach(subject -> subject(subject, problems));
        if (rule.path("resourceRules").isEmpty()
                && rule.path("nonResourceRules").isEmpty()) {
            problems.required(item.path(), "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        Tree.items(rule.path("resourceRules"), item.path() + ".resourceRules").forEach(resource -> {
            for (String field : List.of("verbs", "apiGroups", "resources")) {
                values(resource, field, problems);
            }
            if (resource.value().path("namespaces").isEmpty() && !Tree.isTrue(resource.value(), "clusterScope")) {
                problems.required(
                        resource.path() + ".namespaces",
                        "resource rules that are not cluster scoped must supply at least one namespace");
            }
        });
        Tree.items(rule.path("nonResourceRules"), item.path() + ".nonResourceRules")
                .forEach(path -> {
                    values(path, "verbs", problems);
                    values(path, "nonResourceURLs", problems);
                });
    }

    private static void values(Tree.Item item, String field, Problems problems) {
        JsonNode values = item.value().path(field);
        if (values.isEmpty()) {
            problems.required(item.path() + "." + field, field + " must contain at least one value");
        } else if (values.size() > 1 && Tree.texts(values).contains("*")) {
            problems.invalidShown(
                    item.path() + "." + field,
                    GoSyntax.list(values),
                    "if '*' is present, must not specify other " + field);
        }
    }

    private static void subject(Tree.Item item, Problems problems) {
        String field =
                switch (Tree.text(item.value(), "kind")) {
                    case "User" -> "user";
                    case "Group" -> "group";
                    case "ServiceAccount" -> "serviceAccount";
                    default -> "";
                };
        if (field.isEmpty()) {
            problems.notSupported(
                    item.path() + ".kind", item.value().path("kind"), List.of("Group", "ServiceAccount", "User"));
            return;
        }
        JsonNode subject = item.value().path(field);
        if (!subject.isObject()) {
            problems.required(
                    item.path() + "." + field,
                    field + " is required when subject kind is '" + Tree.text(item.value(), "kind") + "'");
            return;
        }
        problems.requireText(item.path() + "." + field, subject, "name", "");
        if (field.equals("serviceAccount")) {
            problems.requireText(
                    item.path() + "." + field, subject, "namespace", "must specify namespace for service account");
        }
    }
}
