package dev.keelson.apiserver.registry.quota;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.util.List;
import java.util.function.Predicate;

/** The kinds of the core group that bound what a namespace may use. Who enforces them comes with a later capability. */
public final class QuotaKinds {
    private QuotaKinds() {}

    public static List<ResourceDefinition> list() {
        return List.of(
                Declaration.namespaced("v1", "ResourceQuota", "resourcequotas")
                        .shortNames("quota")
                        .subresources(Subresource.STATUS)
                        .columns(
                                Columns.text(
                                        "Request",
                                        "What may be requested.",
                                        quota -> used(quota, name -> !limits(name))),
                                Columns.text(
                                        "Limit",
                                        "What limits may add up to.",
                                        quota -> used(quota, QuotaKinds::limits)),
                                Columns.age())
                        .with(KindRules.withStatus()
                                .checking(ResourceQuotaRules::validate)
                                .checkingChange(ResourceQuotaRules::validateChange)
                                .checkingStatus(ResourceQuotaRules::validateStatus)),
                Declaration.namespaced("v1", "LimitRange", "limitranges")
                        .shortNames("limits")
                        .with(KindRules.none()
                                .defaulting(LimitRangeRules::complete)
                                .checking(LimitRangeRules::validate)));
    }

    private static boolean limits(String resource) {
        return resource.startsWith("limits.");
    }

    /** {@code pods: 3/10, requests.cpu: 1/2}. */
    private static String used(ObjectNode quota, Predicate<String> shown) {
        return String.join(
                ", ",
                Tree.at(quota, "status", "hard").properties().stream()
                        .filter(entry -> shown.test(entry.getKey()))
                        .map(entry -> "%s: %s/%s"
                                .formatted(
                                        entry.getKey(),
                                        Tree.at(quota, "status", "used")
                                                .path(entry.getKey())
                                                .asText("0"),
                                        entry.getValue().asText()))
                        .sorted()
                        .toList());
    }
}
