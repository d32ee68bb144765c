package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.custom.cel.AdmissionExpressions;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.WebhookClientRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What valid webhooks are (Kubernetes' {@code admissionregistration/validation}). */
final class WebhookRules {
    private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");

    private WebhookRules() {}

    static void complete(ObjectNode configuration, boolean mutating) {
        for (ObjectNode webhook : Tree.objects(configuration, "webhooks")) {
            Tree.setDefault(webhook, "failurePolicy", "Fail");
            Tree.setDefault(webhook, "timeoutSeconds", 10);
            MatchRules.complete(webhook, "rules");
            if (mutating) {
                Tree.setDefault(webhook, "reinvocationPolicy", "Never");
            }
            Tree.object(webhook, "clientConfig", "service").ifPresent(service -> Tree.setDefault(service, "port", 443));
        }
    }

    static void validate(ObjectNode configuration, boolean mutating, Problems problems) {
        Set<String> names = new HashSet<>();
        Tree.items(configuration.path("webhooks"), "webhooks").forEach(item -> {
            webhook(item, mutating, problems);
            String name = Tree.text(item.value(), "name");
            if (!name.isEmpty() && !names.add(name)) {
                problems.duplicate(item.path() + ".name", item.value().path("name"));
            }
        });
    }

    private static void webhook(Tree.Item item, boolean mutating, Problems problems) {
        JsonNode webhook = item.value();
        String path = item.path();
        name(webhook, path, problems);
        Tree.items(webhook.path("rules"), path + ".rules").forEach(rule -> OperationRules.check(rule, problems));
        problems.oneOf(path + ".failurePolicy", webhook.path("failurePolicy"), List.of("Fail", "Ignore"));
        MatchRules.matchPolicy(webhook, path, problems);
        if (webhook.path("sideEffects").isTextual()) {
            oneOf(path + ".sideEffects", webhook.path("sideEffects"), SIDE_EFFECTS, problems);
        } else {
            problems.required(path + ".sideEffects", "must specify one of None, NoneOnDryRun");
        }
        JsonNode timeout = webhook.path("timeoutSeconds");
        if (timeout.isNumber() && (timeout.asLong() < 1 || timeout.asLong() > 30)) {
            problems.invalid(path + ".timeoutSeconds", timeout, "the timeout value must be between 1 and 30 seconds");
        }
        MatchRules.selectors(webhook, path, problems);
        if (mutating) {
            problems.oneOf(
                    path + ".reinvocationPolicy", webhook.path("reinvocationPolicy"), List.of("IfNeeded", "Never"));
        }
        WebhookClientRules.client(webhook.path("clientConfig"), path + ".clientConfig", problems);
        ConditionRules.check(
                webhook.path("matchConditions"), path + ".matchConditions", new AdmissionExpressions(false), problems);
        WebhookClientRules.reviewVersions(
                webhook.path("admissionReviewVersions"),
                path + ".admissionReviewVersions",
                "must specify one of v1, v1beta1",
                problems);
    }

    private static void oneOf(String path, JsonNode value, List<String> supported, Problems problems) {
        if (!supported.contains(value.textValue())) {
            problems.notSupported(path, value, supported);
        }
    }

    private static void name(JsonNode webhook, String path, Problems problems) {
        String name = Tree.text(webhook, "name");
        if (name.isEmpty()) {
            problems.required(path + ".name", "");
            return;
        }
        List<String> words = NameRule.DNS_SUBDOMAIN.problems(name);
        problems.invalid(path + ".name", name, words, ",");
        if (words.isEmpty() && name.split("\\.").length < 3) {
            problems.invalid(path + ".name", name, "should be a domain with at least three segments separated by dots");
        }
    }
}
