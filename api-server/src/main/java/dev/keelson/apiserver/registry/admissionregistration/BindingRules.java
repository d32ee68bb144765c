package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What valid bindings of admission policies are. */
final class BindingRules {
    private static final List<String> ACTIONS = List.of("Audit", "Deny", "Warn");

    private BindingRules() {}

    static void complete(ObjectNode binding) {
        Tree.object(binding, "spec", "matchResources").ifPresent(MatchRules::completeResources);
    }

    static void validate(ObjectNode binding, Problems problems) {
        JsonNode spec = binding.path("spec");
        if (problems.requireText("spec", spec, "policyName", "")) {
            problems.named("spec.policyName", spec.path("policyName"), NameRule.DNS_SUBDOMAIN);
        }
        if (spec.path("paramRef").isObject()) {
            parameters(spec.path("paramRef"), "spec.paramRef", problems);
        }
        // The letter that is missing is missing in Kubernetes 1.32.
        MatchRules.resources(spec.path("matchResources"), "spec.matchResouces", problems);
        actions(spec.path("validationActions"), "spec.validationActions", problems);
    }

    private static void parameters(JsonNode reference, String path, Problems problems) {
        boolean byName = Tree.has(reference, "name");
        boolean bySelector = reference.path("selector").isObject();
        problems.named(path + ".name", reference.path("name"), NameRule.PATH_SEGMENT);
        if (byName && bySelector) {
            problems.forbidden(path + ".name", "name and selector are mutually exclusive");
        }
        LabelRules.selector(reference.path("selector"), path + ".selector", problems);
        if (byName && bySelector) {
            problems.forbidden(path + ".selector", "name and selector are mutually exclusive");
        }
        if (!byName && !bySelector) {
            problems.required(path, "one of name or selector must be specified");
        }
        String action = ".parameterNotFoundAction";
        if (problems.requireText(path, reference, "parameterNotFoundAction", "")) {
            problems.oneOf(path + action, reference.path("parameterNotFoundAction"), List.of("Deny", "Allow"));
        }
    }

    private static void actions(JsonNode actions, String path, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(actions, path).forEach(item -> {
            if (!ACTIONS.contains(item.value().asText())) {
                problems.notSupported(item.path(), item.value(), ACTIONS);
            }
            if (!seen.add(item.value().asText())) {
                problems.duplicate(item.path(), item.value());
            }
        });
        if (seen.containsAll(List.of("Deny", "Warn"))) {
            problems.invalidShown(
                    path,
                    GoSyntax.list(actions, "admissionregistration.ValidationAction"),
                    "must not contain both Deny and Warn (repeating the same"
                            + " validation failure information in the API response and headers serves no purpose)");
        }
        if (seen.isEmpty()) {
            problems.required(path, "at least one validation action is required");
        }
    }
}
