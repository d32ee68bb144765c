package dev.keelson.apiserver.registry.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.NameRule;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** How webhooks may be addressed, of admission and of conversion (Kubernetes' {@code apiserver/pkg/util/webhook}). */
public final class WebhookClientRules {
    private static final List<String> KNOWN_REVIEWS = List.of("v1", "v1beta1");
    private static final String FORM = "; desired format: https://host[/path]";

    private WebhookClientRules() {}

    /** A {@code WebhookClientConfig}: a URL or a Service. */
    public static void client(JsonNode client, String path, Problems problems) {
        boolean byUrl = client.path("url").isTextual();
        JsonNode service = client.path("service");
        if (byUrl == service.isObject()) {
            problems.required(path, "exactly one of url or service is required");
        } else if (byUrl) {
            url(client.path("url").textValue(), path + ".url", problems);
        } else {
            service(service, path + ".service", problems);
        }
    }

    private static void url(String url, String path, Problems problems) {
        URI parsed;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException bad) {
            problems.required(path, "url must be a valid URL: " + bad.getReason() + FORM);
            return;
        }
        if (!"https".equals(parsed.getScheme())) {
            problems.invalid(path, orEmpty(parsed.getScheme()), "'https' is the only allowed URL scheme" + FORM);
        }
        if (orEmpty(parsed.getRawAuthority()).isEmpty()) {
            problems.invalid(path, "", "host must be specified" + FORM);
        }
        unwanted(parsed.getRawUserInfo(), path, "user information is not permitted in the URL", problems);
        unwanted(parsed.getRawFragment(), path, "fragments are not permitted in the URL", problems);
        unwanted(parsed.getRawQuery(), path, "query parameters are not permitted in the URL", problems);
    }

    private static void unwanted(String part, String path, String words, Problems problems) {
        if (!orEmpty(part).isEmpty()) {
            problems.invalid(path, part, words);
        }
    }

    /** What {@link URI} does not find is null. */
    private static String orEmpty(String part) {
        return part == null ? "" : part;
    }

    private static void service(JsonNode service, String path, Problems problems) {
        problems.requireText(path, service, "name", "service name is required");
        problems.requireText(path, service, "namespace", "service namespace is required");
        JsonNode port = service.path("port");
        if (port.isNumber() && !PortRules.isPort(port)) {
            problems.invalid(path + ".port", port, "port is not valid: " + PortRules.PORT_WORDS);
        }
        servicePath(Tree.text(service, "path"), path + ".path", problems);
    }

    private static void servicePath(String given, String path, Problems problems) {
        if (given.isEmpty() || given.equals("/")) {
            return;
        }
        if (given.equals("//")) {
            problems.invalid(path, given, "segment[0] may not be empty");
            return;
        }
        if (!given.startsWith("/")) {
            problems.invalid(path, given, "must start with a '/'");
        }
        String inner = given.substring(1, given.endsWith("/") ? Math.max(1, given.length() - 1) : given.length());
        String[] segments = inner.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = "segment[" + i + "]";
            if (segments[i].isEmpty()) {
                problems.invalid(path, given, segment + " may not be empty");
            } else {
                NameRule.DNS_SUBDOMAIN
                        .problems(segments[i])
                        .forEach(words -> problems.invalid(path, given, segment + ": " + words));
            }
        }
    }

    /**
     * The versions of reviews that a webhook reads, the best first. Those that nobody here knows are its own affair, as
     * long as there is one that is known.
     *
     * @param absent what to say when there is none
     */
    public static void reviewVersions(JsonNode versions, String path, String absent, Problems problems) {
        if (versions.isEmpty()) {
            problems.required(path, absent);
            return;
        }
        Set<String> seen = new HashSet<>();
        Tree.items(versions, path).forEach(item -> {
            if (seen.add(item.value().asText())) {
                NameRule.DNS_1035_LABEL
                        .problems(item.value().asText())
                        .forEach(words -> problems.invalid(item.path(), item.value(), words));
            } else {
                problems.invalid(item.path(), item.value(), "duplicate version");
            }
        });
        if (KNOWN_REVIEWS.stream().noneMatch(seen::contains)) {
            problems.invalidShown(
                    path, GoSyntax.list(versions), "must include at least one of " + String.join(", ", KNOWN_REVIEWS));
        }
    }
}
