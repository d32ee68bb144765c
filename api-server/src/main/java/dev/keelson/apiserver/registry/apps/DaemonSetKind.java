package dev.keelson.apiserver.registry.apps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.Selectors;
import dev.keelson.apiserver.registry.rules.CountRules;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.ReplicaCounts;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.WorkloadWarnings;
import java.util.List;
import java.util.stream.Stream;

/** The declaration of DaemonSets. */
final class DaemonSetKind {
    private static final List<String> COUNTS = List.of(
            "currentNumberScheduled",
            "numberMisscheduled",
            "desiredNumberScheduled",
            "numberReady",
            "observedGeneration",
            "updatedNumberScheduled",
            "numberAvailable",
            "numberUnavailable");

    private DaemonSetKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("apps/v1", "DaemonSet", "daemonsets")
                .shortNames("ds")
                .categories("all")
                .subresources(Subresource.STATUS)
                .columns(columns())
                .with(KindRules.withStatus()
                        .counting("spec")
                        .creating(object -> COUNTS.subList(0, 4)
                                .forEach(field -> Tree.child(object, "status").put(field, 0)))
                        .defaulting(DaemonSetKind::complete)
                        .checking(DaemonSetKind::validate)
                        .checkingChange(WorkloadRules::selectorIsImmutable)
                        .checkingStatus(DaemonSetKind::validateStatus)
                        .advising(WorkloadWarnings.templateAt("spec.template")));
    }

    private static void complete(ObjectNode daemonSet) {
        ObjectNode spec = Tree.child(daemonSet, "spec");
        ObjectNode strategy = Tree.child(spec, "updateStrategy");
        Tree.setDefault(strategy, "type", "RollingUpdate");
        if (Tree.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Tree.child(strategy, "rollingUpdate");
            Tree.setDefault(rolling, "maxUnavailable", 1);
            Tree.setDefault(rolling, "maxSurge", 0);
        }
        Tree.setDefault(spec, "revisionHistoryLimit", 10);
        TemplateRules.complete(spec);
    }

    private static void validateStatus(ObjectNode updated, ObjectNode old, Problems problems) {
        StatusRules.counts(updated, COUNTS, problems);
        ReplicaCounts.collisions(updated, old, problems);
    }

    private static void validate(ObjectNode daemonSet, Problems problems) {
        WorkloadRules.validate(daemonSet, "daemonset", problems);
        JsonNode spec = daemonSet.path("spec");
        problems.notNegative("spec.revisionHistoryLimit", spec.path("revisionHistoryLimit"));
        JsonNode strategy = spec.path("updateStrategy");
        switch (Tree.text(strategy, "type")) {
            case "OnDelete" -> {}
            case "RollingUpdate" -> rollingUpdate(strategy.path("rollingUpdate"), problems);
            default ->
                problems.notSupportedShown(
                        "spec.updateStrategy",
                        GoSyntax.strategy(strategy, "DaemonSetUpdateStrategy", "RollingUpdateDaemonSet"),
                        List.of("RollingUpdate", "OnDelete"));
        }
    }

    private static void rollingUpdate(JsonNode rolling, Problems problems) {
        String path = "spec.updateStrategy.rollingUpdate";
        JsonNode unavailable = rolling.path("maxUnavailable");
        JsonNode surge = rolling.path("maxSurge");
        CountRules.countOrPercent(unavailable, path + ".maxUnavailable", problems);
        CountRules.notAboveHundredPercent(unavailable, path + ".maxUnavailable", problems);
        CountRules.countOrPercent(surge, path + ".maxSurge", problems);
        CountRules.notAboveHundredPercent(surge, path + ".maxSurge", problems);
        if (CountRules.isZero(unavailable) && CountRules.isZero(surge)) {
            problems.required(path + ".maxUnavailable", "cannot be 0 when maxSurge is 0");
        } else if (!CountRules.isZero(unavailable) && !CountRules.isZero(surge)) {
            problems.invalidShown(
                    path + ".maxSurge", GoSyntax.intOrString(surge), "may not be set when maxUnavailable is non-zero");
        }
    }

    private static List<Column> columns() {
        return Stream.concat(
                        Stream.of(
                                Columns.count(
                                        "Desired", "Nodes that should run a pod of it.", "desiredNumberScheduled"),
                                Columns.count("Current", "Nodes that do.", "currentNumberScheduled"),
                                Columns.count("Ready", "Nodes on which its pod is ready.", "numberReady"),
                                Columns.count(
                                        "Up-to-date",
                                        "Nodes whose pod has the current template.",
                                        "updatedNumberScheduled"),
                                Columns.count(
                                        "Available",
                                        "Nodes whose pod has been ready for minReadySeconds.",
                                        "numberAvailable"),
                                Columns.text(
                                        "Node Selector",
                                        "Labels of the nodes it runs on.",
                                        object -> Selectors.formatMap(
                                                Tree.at(object, "spec", "template", "spec", "nodeSelector"))),
                                Columns.age()),
                        Columns.template().stream())
                .toList();
    }
}
