package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.cel.AdmissionExpressions;
import dev.keelson.apiserver.custom.cel.AdmissionExpressions.Result;
import dev.keelson.apiserver.custom.cel.CelNames;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelNames;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What valid admission policies are (Kubernetes' {@code admissionregistration/validation}). */
final class PolicyRules {
    private static final List<String> REASONS = List.of("Forbidden", "Invalid", "RequestEntityTooLarge");
    private static final int MOST_ANNOTATIONS = 20;
    private static final int LONGEST_ANNOTATION = 5 * 1024;

    private PolicyRules() {}

    static void complete(ObjectNode policy) {
        ObjectNode spec = Tree.child(policy, "spec");
        Tree.setDefault(spec, "failurePolicy", "Fail");
        Tree.object(spec, "matchConstraints").ifPresent(MatchRules::completeResources);
    }

    static void validate(ObjectNode policy, Problems problems) {
        JsonNode spec = policy.path("spec");
        problems.oneOf("spec.failurePolicy", spec.path("failurePolicy"), List.of("Fail", "Ignore"));
        if (spec.path("paramKind").isObject()) {
            parameterKind(spec.path("paramKind"), "spec.paramKind", problems);
        }
        JsonNode matcher = spec.path("matchConstraints");
        if (matcher.isObject()) {
            MatchRules.resources(matcher, "spec.matchConstraints", problems);
            if (matcher.path("resourceRules").isEmpty()) {
                problems.required("spec.matchConstraints.resourceRules", "");
            }
        } else {
            problems.required("spec.matchConstraints", "");
        }
        AdmissionExpressions expressions =
                new AdmissionExpressions(spec.path("paramKind").isObject());
        ConditionRules.check(spec.path("matchConditions"), "spec.matchConditions", expressions, problems);
        Tree.items(spec.path("variables"), "spec.variables").forEach(item -> variable(item, expressions, problems));
        if (spec.path("validations").isEmpty() && spec.path("auditAnnotations").isEmpty()) {
            String words = "validations or auditAnnotations must contain at least one item";
            problems.required("spec.validations", words);
            problems.required("spec.auditAnnotations", words);
        }
        Tree.items(spec.path("validations"), "spec.validations")
                .forEach(item -> validation(item, expressions, problems));
        annotations(spec.path("auditAnnotations"), Meta.name(policy), expressions, problems);
    }

    static void validateStatus(ObjectNode policy, Problems problems) {
        String path = "status.typeChecking.expressionWarnings";
        Tree.items(Tree.at(policy, "status", "typeChecking", "expressionWarnings"), path)
                .forEach(item -> {
                    problems.requireText(item.path(), item.value(), "warning", "");
                    if (Tree.text(item.value(), "fieldRef").isBlank()) {
                        problems.required(item.path() + ".fieldRef", "");
                    }
                });
        StatusRules.conditions(policy, problems);
    }

    private static void parameterKind(JsonNode kind, String path, Problems problems) {
        if (problems.requireText(path, kind, "apiVersion", "")) {
            apiVersion(Tree.text(kind, "apiVersion"), path + ".apiVersion", problems);
        }
        if (problems.requireText(path, kind, "kind", "")) {
            problems.kind(path + ".kind", Tree.text(kind, "kind"));
        }
    }

    private static void apiVersion(String given, String path, Problems problems) {
        int slash = given.indexOf('/');
        if (slash != given.lastIndexOf('/')) {
            problems.invalid(path, given, "unexpected GroupVersion string: " + given);
            return;
        }
        String group = slash > 0 ? given.substring(0, slash) : "";
        String version = given.substring(slash + 1);
        if (!group.isEmpty()) {
            problems.invalid(path, group, NameRule.DNS_SUBDOMAIN.problems(group), ",");
        }
        if (version.isEmpty()) {
            problems.invalid(path, given, "version must be specified");
        } else {
            problems.invalid(path, version, NameRule.DNS_1035_LABEL.problems(version), ",");
        }
    }

    private static void variable(Tree.Item item, AdmissionExpressions expressions, Problems problems) {
        String name = Tree.text(item.value(), "name");
        if (name.isBlank()) {
            problems.required(item.path() + ".name", "name is not specified");
        } else if (!CelNames.isIdentifier(name)) {
            problems.invalid(item.path() + ".name", name, "name is not a valid CEL identifier");
        }
        String expression = Tree.text(item.value(), "expression");
        if (expression.isBlank()) {
            problems.required(item.path() + ".expression", "expression is not specified");
        } else {
            expressions
                    .define(name, expression)
                    .ifPresent(words -> problems.invalid(item.path() + ".expression", expression, words));
        }
    }

    private static void validation(Tree.Item item, AdmissionExpressions expressions, Problems problems) {
        JsonNode validation = item.value();
        String expression = Tree.text(validation, "expression");
        if (expression.isBlank()) {
            problems.required(item.path() + ".expression", "expression is not specified");
        } else {
            expressions
                    .problem(expression, Result.BOOL)
                    .ifPresent(words -> problems.invalid(item.path() + ".expression", expression, words));
        }
        String messageExpression = Tree.text(validation, "messageExpression");
        if (!messageExpression.isEmpty() && messageExpression.isBlank()) {
            problems.invalid(item.path() + ".messageExpression", messageExpression, "must be non-empty if specified");
        } else if (!messageExpression.isEmpty()) {
            expressions
                    .problemOfMessage(messageExpression)
                    .ifPresent(words -> problems.invalid(item.path() + ".messageExpression", messageExpression, words));
        }
        String message = Tree.text(validation, "message");
        if (!message.isEmpty() && message.isBlank()) {
            problems.invalid(item.path() + ".message", message, "message must be non-empty if specified");
        } else if (message.strip().contains("\n") || message.strip().contains("\r")) {
            problems.invalid(item.path() + ".message", message, "message must not contain line breaks");
        }
        if (validation.path("reason").isTextual()
                && !REASONS.contains(validation.path("reason").textValue())) {
            problems.notSupported(item.path() + ".reason", validation.path("reason"), REASONS);
        }
    }

    private static void annotations(
            JsonNode annotations, String policy, AdmissionExpressions expressions, Problems problems) {
        String path = "spec.auditAnnotations";
        if (annotations.size() > MOST_ANNOTATIONS) {
            problems.invalid(path, annotations, "must not have more than " + MOST_ANNOTATIONS + " auditAnnotations");
        }
        Set<String> keys = new HashSet<>();
        Tree.items(annotations, path).forEach(item -> {
            String key = Tree.text(item.value(), "key");
            String qualified = policy + "/" + key;
            LabelNames.keyProblems(qualified)
                    .forEach(words -> problems.invalid(item.path() + ".key", qualified, words));
            String value = Tree.text(item.value(), "valueExpression").strip();
            if (value.isEmpty()) {
                problems.required(item.path() + ".valueExpression", "valueExpression is not specified");
            } else if (value.length() > LONGEST_ANNOTATION) {
                problems.required(
                        item.path() + ".valueExpression", "must not exceed " + LONGEST_ANNOTATION + " bytes in length");
            } else {
                expressions
                        .problem(value, Result.TEXT_OR_NULL)
                        .ifPresent(words -> problems.invalid(
                                item.path() + ".valueExpression", item.value().path("valueExpression"), words));
            }
            if (!keys.add(key)) {
                problems.duplicate(item.path() + ".key", item.value().path("key"));
            }
        });
    }
}
