package dev.keelson.apiserver.registry.apiregistration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;

/**
 * The declaration of APIServices: which group versions exist and who serves them. Those without a service are served
 * here; a service of somebody else is listed, and not available until aggregation comes as a later capability.
 */
public final class ApiServiceKind {
    private static final int HIGHEST_GROUP_PRIORITY = 20_000;
    private static final int HIGHEST_VERSION_PRIORITY = 1_000;

    private ApiServiceKind() {}

    public static List<ResourceDefinition> list() {
        return List.of(Declaration.clusterWide("apiregistration.k8s.io/v1", "APIService", "apiservices")
                .categories("api-extensions")
                .subresources(Subresource.STATUS)
                .columns(
                        Columns.text("Service", "Who serves it.", ApiServiceKind::service),
                        Columns.text("Available", "Whether it is served.", ApiServiceKind::available),
                        Columns.age())
                .with(KindRules.withStatus()
                        .named(NameRule.PATH_SEGMENT)
                        .defaulting(object -> Tree.object(object, "spec", "service")
                                .ifPresent(service -> Tree.setDefault(service, "port", 443)))
                        .creating(ApiServiceKind::judge)
                        .checking(ApiServiceKind::validate)
                        .checkingStatus(ApiServiceKind::validateStatus)));
    }

    private static void judge(ObjectNode object) {
        boolean local = !Tree.at(object, "spec", "service").isObject();
        ObjectNode condition = Tree.child(object, "status")
                .putArray("conditions")
                .addObject()
                .put("type", "Available")
                .put("status", local ? "True" : "False");
        Tree.carry(
                condition,
                object.objectNode().set("lastTransitionTime", Tree.at(object, "metadata", "creationTimestamp")),
                "lastTransitionTime");
        condition.put("reason", local ? "Local" : "AggregationNotSupported");
        condition.put(
                "message",
                local
                        ? "Local APIServices are always available"
                        : "this server does not forward requests to other API servers");
    }

    private static void validate(ObjectNode object, Problems problems) {
        JsonNode spec = object.path("spec");
        String group = Tree.text(spec, "group");
        String version = Tree.text(spec, "version");
        String expected = version + "." + group;
        if (!Meta.name(object).equals(expected)) {
            problems.invalid(
                    "metadata.name",
                    Meta.name(object),
                    "must be `spec.version+\".\"+spec.group`: \"" + expected + "\"");
        }
        if (version.isEmpty()) {
            problems.required("spec.version", "");
        } else {
            problems.named("spec.version", spec.path("version"), NameRule.DNS_1035_LABEL);
        }
        problems.named("spec.group", spec.path("group"), NameRule.DNS_SUBDOMAIN);
        between(spec, "groupPriorityMinimum", HIGHEST_GROUP_PRIORITY, problems);
        between(spec, "versionPriority", HIGHEST_VERSION_PRIORITY, problems);
        JsonNode service = spec.path("service");
        if (!service.isObject()) {
            if (Tree.has(spec, "caBundle")) {
                problems.invalid("spec.caBundle", "", "local APIServices may not have a caBundle");
            }
            if (Tree.isTrue(spec, "insecureSkipTLSVerify")) {
                problems.invalid(
                        "spec.insecureSkipTLSVerify",
                        spec.path("insecureSkipTLSVerify"),
                        "local APIServices may not have insecureSkipTLSVerify");
            }
            return;
        }
        problems.requireText("spec.service", service, "namespace", "");
        problems.requireText("spec.service", service, "name", "");
        problems.port("spec.service.port", service.path("port"));
        if (Tree.isTrue(spec, "insecureSkipTLSVerify") && Tree.has(spec, "caBundle")) {
            problems.invalid(
                    "spec.insecureSkipTLSVerify",
                    spec.path("insecureSkipTLSVerify"),
                    "may not be true if caBundle is present");
        }
    }

    private static void validateStatus(ObjectNode updated, ObjectNode old, Problems problems) {
        List<String> statuses = List.of("True", "False", "Unknown");
        Tree.items(Tree.at(updated, "status", "conditions"), "status.conditions")
                .forEach(item -> {
                    String status = Tree.text(item.value(), "status");
                    if (!statuses.contains(status)) {
                        problems.notSupportedShown(item.path() + ".status", GoSyntax.quoted(status), statuses);
                    }
                });
    }

    private static void between(JsonNode spec, String field, int highest, Problems problems) {
        long value = Tree.number(spec, field).orElse(0L);
        if (value <= 0 || value > highest) {
            problems.invalid(
                    "spec." + field, spec.path(field), "must be positive and less than or equal to " + highest);
        }
    }

    private static String service(ObjectNode object) {
        JsonNode service = Tree.at(object, "spec", "service");
        return service.isObject() ? Tree.text(service, "namespace") + "/" + Tree.text(service, "name") : "Local";
    }

    private static String available(ObjectNode object) {
        return Tree.objects(object, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "type").equals("Available"))
                .map(condition -> Tree.text(condition, "status").equals("True")
                        ? "True"
                        : Tree.text(condition, "status") + " (" + Tree.text(condition, "reason") + ")")
                .findFirst()
                .orElse("Unknown");
    }
}
