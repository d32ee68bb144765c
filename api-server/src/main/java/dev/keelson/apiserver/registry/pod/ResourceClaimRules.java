package dev.keelson.apiserver.registry.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The claims for devices that a pod has, and those of them that its containers use (core/validation). */
final class ResourceClaimRules {
    private static final List<String> SOURCES = List.of("resourceClaimName", "resourceClaimTemplateName");

    private ResourceClaimRules() {}

    static void validate(JsonNode claims, String path, Problems problems) {
        Set<String> known = new HashSet<>();
        Tree.items(claims, path).forEach(item -> {
            JsonNode claim = item.value();
            if (problems.requireText(item.path(), claim, "name", "")) {
                if (known.add(Tree.text(claim, "name"))) {
                    problems.named(item.path() + ".name", claim.path("name"), NameRule.DNS_LABEL);
                } else {
                    problems.duplicate(item.path() + ".name", claim.path("name"));
                }
            }
            source(item, problems);
        });
    }

    private static void source(Tree.Item claim, Problems problems) {
        List<String> given =
                SOURCES.stream().filter(field -> Tree.has(claim.value(), field)).toList();
        given.forEach(field ->
                problems.named(claim.path() + "." + field, claim.value().path(field), NameRule.DNS_SUBDOMAIN));
        if (given.isEmpty()) {
            problems.invalid(
                    claim.path(),
                    claim.value(),
                    "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
        } else if (given.size() > 1) {
            problems.invalid(
                    claim.path(),
                    claim.value(),
                    "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
        }
    }

    /** @param known the names of the pod's claims */
    static void used(JsonNode claims, String path, Set<String> known, Problems problems) {
        Set<String> seen = new HashSet<>();
        Tree.items(claims, path).forEach(item -> {
            String name = Tree.text(item.value(), "name");
            if (name.isEmpty()) {
                problems.required(item.path(), "");
                return;
            }
            String request = Tree.text(item.value(), "request");
            problems.named(item.path() + ".request", item.value().path("request"), NameRule.DNS_LABEL);
            boolean wholeWasThere = seen.contains(name);
            boolean partWasThere = request.isEmpty() && seen.stream().anyMatch(other -> other.startsWith(name + "/"));
            String key = request.isEmpty() ? name : name + "/" + request;
            if (!seen.add(key) || wholeWasThere || partWasThere) {
                problems.duplicate(item.path(), TextNode.valueOf(wholeWasThere ? name : key));
            }
            if (!known.contains(name)) {
                problems.notFound(
                        item.path(),
                        name,
                        "must be one of the names in pod.spec.resourceClaims"
                                + (known.isEmpty()
                                        ? " which is empty"
                                        : ": " + String.join(", ", new TreeSet<>(known))));
            }
        });
    }
}
