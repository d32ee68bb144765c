package dev.keelson.apiserver.registry.admissionregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What valid webhooks are (Kubernetes' {@code admissionregistration/validation}). */
final class WebhookRules {
    private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");
    private static final List<String> KNOWN_REVIEWS = List.of("v1", "v1beta1");

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
            webhook(item, problems);
            if (!names.add(Tree.text(item.value(), "name"))) {
                problems.duplicate(item.path() + ".name", item.value().path("name"));
            }
            if (mutating) {
                problems.oneOf(
                        item.path() + ".reinvocationPolicy",
                        item.value().path("reinvocationPolicy"),
                        List.of("IfNeeded", "Never"));
            }
        });
    }

    private static void webhook(Tree.Item item, Problems problems) {
        JsonNode webhook = item.value();
        String path = item.path();
        if (problems.requireText(path, webhook, "name", "")) {
            problems.named(path + ".name", webhook.path("name"), NameRule.DNS_SUBDOMAIN);
            if (Tree.text(webhook, "name").split("\\.").length < 3) {
                problems.invalid(
                        path + ".name",
                        webhook.path("name"),
                        "should be a domain with at least three segments separated by dots");
            }
        }
        MatchRules.validate(webhook, path, "rules", problems);
        problems.oneOf(path + ".failurePolicy", webhook.path("failurePolicy"), List.of("Fail", "Ignore"));
        String effects = Tree.text(webhook, "sideEffects");
        if (effects.isEmpty()) {
            problems.required(path + ".sideEffects", "must specify one of None, NoneOnDryRun");
        } else if (!SIDE_EFFECTS.contains(effects)) {
            problems.notSupported(path + ".sideEffects", webhook.path("sideEffects"), SIDE_EFFECTS);
        }
        JsonNode timeout = webhook.path("timeoutSeconds");
        if (timeout.isNumber() && (timeout.asLong() < 1 || timeout.asLong() > 30)) {
            problems.invalid(path + ".timeoutSeconds", timeout, "the timeout value must be between 1 and 30 seconds");
        }
        reviews(webhook.path("admissionReviewVersions"), path + ".admissionReviewVersions", problems);
        client(webhook.path("clientConfig"), path + ".clientConfig", problems);
    }

    private static void reviews(JsonNode versions, String path, Problems problems) {
        List<String> known = Tree.texts(versions);
        if (versions.isEmpty()) {
            problems.required(path, "must specify one of v1, v1beta1");
        } else if (known.stream().noneMatch(KNOWN_REVIEWS::contains)) {
            problems.invalidShown(
                    path, GoSyntax.list(versions), "must include at least one of " + String.join(", ", KNOWN_REVIEWS));
        }
    }

    private static void client(JsonNode client, String path, Problems problems) {
        boolean byUrl = Tree.has(client, "url");
        JsonNode service = client.path("service");
        if (byUrl == service.isObject()) {
            problems.required(path, "exactly one of url or service is required");
            return;
        }
        if (byUrl) {
            url(client.path("url"), path + ".url", problems);
            return;
        }
        problems.requireText(path + ".service", service, "name", "service name is required");
        problems.requireText(path + ".service", service, "namespace", "service namespace is required");
        problems.port(path + ".service.port", service.path("port"));
        String servicePath = Tree.text(service, "path");
        if (!servicePath.isEmpty() && !servicePath.startsWith("/")) {
            problems.invalid(path + ".service.path", servicePath, "must start with a '/'");
        }
    }

    private static void url(JsonNode url, String path, Problems problems) {
        String form = "; desired format: https://host[/path]";
        try {
            URI parsed = new URI(url.asText());
            if (!"https".equals(parsed.getScheme())) {
                problems.invalid(path, url, "'https' is the only allowed URL scheme" + form);
            }
            if (parsed.getHost() == null) {
                problems.invalid(path, url, "host must be specified" + form);
            }
            if (parsed.getUserInfo() != null) {
                problems.invalid(path, url, "user information is not permitted in the URL");
            }
            if (parsed.getFragment() != null) {
                problems.invalid(path, url, "fragments are not permitted in the URL");
            }
            if (parsed.getQuery() != null) {
                problems.invalid(path, url, "query parameters are not permitted in the URL");
            }
        } catch (URISyntaxException bad) {
            problems.required(path, "url must be a valid URL: " + bad.getReason() + form);
        }
    }
}
