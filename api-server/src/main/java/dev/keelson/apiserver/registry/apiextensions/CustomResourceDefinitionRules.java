package dev.keelson.apiserver.registry.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.WebhookClientRules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Validation of CustomResourceDefinitions, apart from what their versions say. */
final class CustomResourceDefinitionRules {
    private static final List<String> SCOPES = List.of("Cluster", "Namespaced");
    private static final String APPROVED = "api-approved.kubernetes.io";

    private CustomResourceDefinitionRules() {}

    static void validate(ObjectNode crd, ApprovedSchemas schemas, Problems problems) {
        JsonNode spec = crd.path("spec");
        String plural = Tree.text(spec, "names", "plural");
        String group = Tree.text(spec, "group");
        if (!Meta.name(crd).equals(plural + "." + group)) {
            problems.invalid("metadata.name", Meta.name(crd), "must be spec.names.plural+\".\"+spec.group");
        }
        group(crd, group, problems);
        if (!Tree.has(spec, "scope")) {
            problems.required("spec.scope", "");
        }
        problems.oneOf("spec.scope", spec.path("scope"), SCOPES);
        names(spec.path("names"), "spec.names", problems);
        if (Tree.isTrue(spec, "preserveUnknownFields")) {
            problems.invalid(
                    "spec.preserveUnknownFields",
                    spec.path("preserveUnknownFields"),
                    "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema"
                            + " instead");
        }
        versions(spec, schemas, problems);
        conversion(spec.path("conversion"), "spec.conversion", problems);
        storedVersions(crd, problems);
    }

    private static void group(ObjectNode crd, String group, Problems problems) {
        if (group.isEmpty()) {
            problems.required("spec.group", "");
            return;
        }
        Optional<String> problem = NameRule.DNS_SUBDOMAIN.problem(group);
        problem.ifPresent(words -> problems.invalid("spec.group", group, words));
        if (problem.isEmpty() && !group.contains(".")) {
            problems.invalid("spec.group", group, "should be a domain with at least one dot");
        }
        boolean guarded = group.endsWith(".k8s.io")
                || group.endsWith(".kubernetes.io")
                || Set.of("k8s.io", "kubernetes.io").contains(group);
        String approval =
                crd.path("metadata").path("annotations").path(APPROVED).asText("");
        if (guarded && approval.isEmpty()) {
            problems.required(
                    "metadata.annotations[" + APPROVED + "]",
                    "protected groups must have approval annotation \"" + APPROVED
                            + "\", see https://github.com/kubernetes/enhancements/pull/1111");
        }
    }

    private static void names(JsonNode names, String path, Problems problems) {
        for (String field : List.of("plural", "singular", "kind", "listKind")) {
            String name = Tree.text(names, field);
            if (name.isEmpty()) {
                problems.required(path + "." + field, "");
                continue;
            }
            boolean kind = field.toLowerCase(Locale.ROOT).endsWith("kind");
            NameRule.DNS_1035_LABEL
                    .problem(kind ? name.toLowerCase(Locale.ROOT) : name)
                    .map(words -> kind ? "may have mixed case, but should otherwise match: " + words : words)
                    .ifPresent(words -> problems.invalid(path + "." + field, name, words));
        }
        for (String field : List.of("shortNames", "categories")) {
            Tree.items(names.path(field), path + "." + field)
                    .forEach(item -> problems.named(item.path(), item.value(), NameRule.DNS_1035_LABEL));
        }
        if (Tree.has(names, "kind") && names.path("kind").equals(names.path("listKind"))) {
            problems.invalid(path + ".listKind", Tree.text(names, "listKind"), "kind and listKind may not be the same");
        }
    }

    private static void versions(JsonNode spec, ApprovedSchemas schemas, Problems problems) {
        JsonNode versions = spec.path("versions");
        if (versions.isEmpty()) {
            problems.required("spec.versions", "must have at least one version");
            return;
        }
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
        Tree.items(versions, "spec.versions").forEach(item -> VersionRules.check(item, schemas, problems));
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
        List<String> declared = Tree.objects(crd, "spec", "versions").stream()
                .map(version -> Tree.text(version, "name"))
                .toList();
        List<String> stored = Tree.texts(crd, "status", "storedVersions");
        for (int i = 0; i < stored.size(); i++) {
            String version = stored.get(i);
            if (!declared.contains(version)) {
                problems.invalid(
                        "status.storedVersions[" + i + "]",
                        version,
                        "missing from spec.versions; %s was previously a storage version, and must remain in"
                                        .formatted(version)
                                + " spec.versions until a storage migration ensures no data remains persisted in "
                                + version + " and removes " + version + " from status.storedVersions");
            }
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode now = updated.path("spec");
        JsonNode before = old.path("spec");
        problems.immutable("spec.group", now.path("group"), before.path("group"));
        problems.immutable(
                "spec.names.plural",
                now.path("names").path("plural"),
                before.path("names").path("plural"));
        if (CrdStatus.isTrue(old, "Established")) {
            problems.immutable("spec.scope", now.path("scope"), before.path("scope"));
            problems.immutable(
                    "spec.names.kind",
                    now.path("names").path("kind"),
                    before.path("names").path("kind"));
        }
    }
}
