package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/** What valid admission policies and their bindings are. */
final class PolicyRules {
    private static final List<String> ACTIONS = List.of("Audit", "Deny", "Warn");

    private PolicyRules() {}

    static void complete(ObjectNode policy) {
        ObjectNode spec = Tree.child(policy, "spec");
        Tree.setDefault(spec, "failurePolicy", "Fail");
        Tree.object(spec, "matchConstraints").ifPresent(matcher -> {
            MatchRules.complete(matcher, "resourceRules");
            Tree.objects(matcher, "excludeResourceRules").forEach(rule -> Tree.setDefault(rule, "scope", "*"));
        });
    }

    static void completeBinding(ObjectNode binding) {
        Tree.object(binding, "spec", "matchResources")
                .ifPresent(matcher -> MatchRules.complete(matcher, "resourceRules"));
    }

    static void validate(ObjectNode policy, Problems problems) {
        JsonNode spec = policy.path("spec");
        problems.oneOf("spec.failurePolicy", spec.path("failurePolicy"), List.of("Fail", "Ignore"));
        JsonNode kind = spec.path("paramKind");
        if (kind.isObject()) {
            problems.requireText("spec.paramKind", kind, "apiVersion", "");
            problems.requireText("spec.paramKind", kind, "kind", "");
        }
        JsonNode matcher = spec.path("matchConstraints");
        if (!matcher.isObject()) {
            problems.required("spec.matchConstraints", "");
        } else {
            if (matcher.path("resourceRules").isEmpty()) {
                problems.required("spec.matchConstraints.resourceRules", "");
            }
            MatchRules.validate(matcher, "spec.matchConstraints", "resourceRules", problems);
        }
        if (spec.path("validations").isEmpty() && spec.path("auditAnnotations").isEmpty()) {
            problems.required("spec.validations", "validations or auditAnnotations must contain at least one item");
        }
        Tree.items(spec.path("validations"), "spec.validations")
                .forEach(item ->
                        problems.requireText(item.path(), item.value(), "expression", "expression is not specified"));
        for (String list : List.of("variables", "matchConditions")) {
            Tree.items(spec.path(list), "spec." + list).forEach(item -> {
                problems.requireText(item.path(), item.value(), "name", "");
                problems.requireText(item.path(), item.value(), "expression", "");
            });
        }
        Tree.items(spec.path("auditAnnotations"), "spec.auditAnnotations").forEach(item -> {
            problems.requireText(item.path(), item.value(), "key", "");
            problems.requireText(item.path(), item.value(), "valueExpression", "");
        });
    }

    static void validateBinding(ObjectNode binding, Problems problems) {
        JsonNode spec = binding.path("spec");
        if (problems.requireText("spec", spec, "policyName", "")) {
            problems.named("spec.policyName", spec.path("policyName"), NameRule.DNS_SUBDOMAIN);
        }
        JsonNode reference = spec.path("paramRef");
        if (reference.isObject()) {
            boolean byName = Tree.has(reference, "name");
            if (byName == reference.path("selector").isObject()) {
                problems.required(
                        "spec.paramRef" + (byName ? ".name" : ""), "one of name or selector must be specified");
            }
            LabelRules.selector(reference.path("selector"), "spec.paramRef.selector", problems);
            if (!Tree.has(reference, "parameterNotFoundAction")) {
                problems.required("spec.paramRef.parameterNotFoundAction", "");
            }
            problems.oneOf(
                    "spec.paramRef.parameterNotFoundAction",
                    reference.path("parameterNotFoundAction"),
                    List.of("Allow", "Deny"));
        }
        MatchRules.validate(spec.path("matchResources"), "spec.matchResources", "resourceRules", problems);
        actions(spec.path("validationActions"), problems);
    }

    private static void actions(JsonNode actions, Problems problems) {
        if (actions.isEmpty()) {
            problems.required("spec.validationActions", "at least one validation action is required");
        }
        Tree.items(actions, "spec.validationActions")
                .forEach(item -> problems.oneOf(item.path(), item.value(), ACTIONS));
        if (Tree.texts(actions).containsAll(List.of("Deny", "Warn"))) {
            problems.invalid(
                    "spec.validationActions",
                    actions,
                    "must not contain both Deny and Warn (repeating the same"
                            + " validation failure information in the API response and headers serves no purpose)");
        }
    }
}
