package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.WebhookClientRules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Validation of CustomResourceDefinitions, apart from what their versions say. */
final class CustomResourceDefinitionRules {
    private static final List<String> NAMES = List.of("plural", "singular", "kind", "listKind");
    private static final List<String> SCOPES = List.of("Cluster", "Namespaced");

    private CustomResourceDefinitionRules() {}

    static void validate(ObjectNode crd, ApprovedSchemas schemas, Problems problems) {
        JsonNode spec = crd.path("spec");
        String plural = Tree.text(spec, "names", "plural");
        String group = Tree.text(spec, "group");
        if (!Meta.name(crd).equals(plural + "." + group)) {
            problems.invalid("metadata.name", Meta.name(crd), "must be spec.names.plural+\".\"+spec.group");
        }
        group(group, problems);
        if (!Tree.has(spec, "scope")) {
            problems.required("spec.scope", "");
        }
        problems.oneOf("spec.scope", spec.path("scope"), SCOPES);
        VersionRules versions = VersionRules.of(spec.path("versions"), schemas, problems);
        versions.each();
        versions(spec.path("versions"), problems);
        NAMES.forEach(field -> problems.requireText("spec.names", spec.path("names"), field, ""));
        names(spec.path("names"), "spec.names", problems);
        versions.common();
        conversion(spec.path("conversion"), "spec.conversion", problems);
        names(crd.path("status").path("acceptedNames"), "status.acceptedNames", problems);
        storedVersions(crd, problems);
        approval(crd, problems);
        if (Tree.isTrue(spec, "preserveUnknownFields")) {
            problems.invalid(
                    "spec.preserveUnknownFields",
                    spec.path("preserveUnknownFields"),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                            + " instead");
        }
    }

    private static void group(String group, Problems problems) {
        if (group.isEmpty()) {
            problems.required("spec.group", "");
            return;
        }
        List<String> words = NameRule.DNS_SUBDOMAIN.problems(group);
        problems.invalid("spec.group", group, words, ",");
        if (words.isEmpty() && !group.contains(".")) {
            problems.invalid("spec.group", group, "should be a domain with at least one dot");
        }
    }

    /** Groups of the Kubernetes community have an approval: its URL, or a reason that begins with {@code unapproved}. */
    private static void approval(ObjectNode crd, Problems problems) {
        String path = "metadata.annotations[" + CrdApproval.ANNOTATION + "]";
        CrdApproval.of(crd).ifPresent(approval -> {
            switch (approval.state()) {
                case APPROVED, BYPASSED -> {}
                case MISSING -> problems.required(path, approval.message());
                case INVALID -> problems.invalid(path, CrdApproval.annotation(crd), approval.message());
            }
        });
    }

    private static void names(JsonNode names, String path, Problems problems) {
        for (String field : NAMES) {
            String name = Tree.text(names, field);
            boolean kind = field.toLowerCase(Locale.ROOT).endsWith("kind");
            if (name.isEmpty()) {
                continue;
            }
            if (kind) {
                problems.kind(path + "." + field, name);
            } else {
                problems.invalid(path + "." + field, name, NameRule.DNS_1035_LABEL.problems(name), ",");
            }
        }
        labels(names.path("shortNames"), path + ".shortNames", problems);
        if (Tree.has(names, "kind") && names.path("kind").equals(names.path("listKind"))) {
            problems.invalid(path + ".listKind", Tree.text(names, "listKind"), "kind and listKind may not be the same");
        }
        labels(names.path("categories"), path + ".categories", problems);
    }

    private static void labels(JsonNode list, String path, Problems problems) {
        Tree.items(list, path).forEach(item -> problems.named(item.path(), item.value(), NameRule.DNS_1035_LABEL));
    }

    private static void versions(JsonNode versions, Problems problems) {
        Set<String> seen = new HashSet<>();
        int storages = 0;
        boolean unique = true;
        for (ObjectNode version : Tree.objects(versions)) {
            unique &= seen.add(Tree.text(version, "name"));
            storages += Tree.isTrue(version, "storage") ? 1 : 0;
        }
        if (!unique) {
            problems.invalid("spec.versions", versions.size() + " versions", "must contain unique version names");
        }
        if (storages != 1) {
            problems.invalid(
                    "spec.versions",
                    versions.size() + " versions",
                    "must have exactly one version marked as storage version");
        }
    }

    /** Kubernetes names the fields as its older version of the kind does, in which there is no {@code webhook}. */
    private static void conversion(JsonNode conversion, String path, Problems problems) {
        problems.oneOf(path + ".strategy", conversion.path("strategy"), List.of("None", "Webhook"));
        JsonNode client = conversion.path("webhook").path("clientConfig");
        JsonNode versions = conversion.path("webhook").path("conversionReviewVersions");
        String clientPath = path + ".webhookClientConfig";
        String versionsPath = path + ".conversionReviewVersions";
        if (Tree.text(conversion, "strategy").equals("Webhook")) {
            if (client.isObject()) {
                WebhookClientRules.client(client, clientPath, problems);
            } else {
                problems.required(clientPath, "required when strategy is set to Webhook");
            }
            WebhookClientRules.reviewVersions(versions, versionsPath, "", problems);
            return;
        }
        if (client.isObject()) {
            problems.forbidden(clientPath, "should not be set when strategy is not set to Webhook");
        }
        if (!versions.isEmpty()) {
            problems.forbidden(versionsPath, "should not be set when strategy is not set to Webhook");
        }
    }

    private static void storedVersions(ObjectNode crd, Problems problems) {
        String path = "status.storedVersions";
        JsonNode stored = Tree.at(crd, "status", "storedVersions");
        if (stored.isEmpty()) {
            problems.invalidShown(path, GoSyntax.list(stored), "must have at least one stored version");
            return;
        }
        Set<String> declared = new HashSet<>();
        for (ObjectNode version : Tree.objects(crd, "spec", "versions")) {
            String name = Tree.text(version, "name");
            declared.add(name);
            if (Tree.isTrue(version, "storage") && !Tree.texts(stored).contains(name)) {
                problems.invalidShown(path, GoSyntax.list(stored), "must have the storage version " + name);
            }
        }
        Tree.items(stored, path)
                .filter(item -> !declared.contains(item.value().asText()))
                .forEach(item -> problems.invalid(
                        item.path(), item.value(), missing(item.value().asText())));
    }

    private static String missing(String version) {
        return "missing from spec.versions; %s was previously a storage version, and must remain in".formatted(version)
                + " spec.versions until a storage migration ensures no data remains persisted in "
                + version + " and removes " + version + " from status.storedVersions";
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode now = updated.path("spec");
        JsonNode before = old.path("spec");
        if (CrdStatus.isTrue(old, "Established")) {
            problems.immutable("spec.scope", now.path("scope"), before.path("scope"));
            problems.immutable(
                    "spec.names.kind",
                    now.path("names").path("kind"),
                    before.path("names").path("kind"));
        }
        problems.immutable("spec.group", now.path("group"), before.path("group"));
        problems.immutable(
                "spec.names.plural",
                now.path("names").path("plural"),
                before.path("names").path("plural"));
    }
}
