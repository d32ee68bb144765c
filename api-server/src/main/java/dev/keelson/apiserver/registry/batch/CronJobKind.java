package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.Selectors;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.WorkloadWarnings;
import java.time.Instant;
import java.util.List;

/** The declaration of CronJobs. */
final class CronJobKind {
    private CronJobKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("batch/v1", "CronJob", "cronjobs")
                .shortNames("cj")
                .categories("all")
                .subresources(Subresource.STATUS)
                .columns(columns())
                .with(KindRules.withStatus()
                        .counting("spec")
                        .defaulting(CronJobKind::complete)
                        .checking(CronJobRules::validate)
                        .checkingNew(CronJobRules::validateName)
                        .checkingStatus((updated, old, problems) -> {})
                        .advising(WorkloadWarnings::namesPods)
                        .advising(WorkloadWarnings::cronJob));
    }

    private static void complete(ObjectNode cronJob) {
        ObjectNode spec = Tree.child(cronJob, "spec");
        Tree.setDefault(spec, "concurrencyPolicy", "Allow");
        Tree.setDefault(spec, "suspend", false);
        Tree.setDefault(spec, "successfulJobsHistoryLimit", 3);
        Tree.setDefault(spec, "failedJobsHistoryLimit", 1);
        Tree.object(spec, "jobTemplate", "spec").ifPresent(TemplateRules::complete);
    }

    private static List<Column> columns() {
        return List.of(
                Columns.text("Schedule", "When jobs are made.", "", "spec", "schedule"),
                Columns.text("Timezone", "The time zone of the schedule.", Columns.NONE, "spec", "timeZone"),
                new Column(
                        "Suspend",
                        "boolean",
                        "",
                        "Whether no more jobs are made.",
                        0,
                        (cronJob, now) -> suspended(cronJob)),
                Columns.integer(
                        "Active",
                        "Jobs that are running.",
                        cronJob -> Columns.size(Tree.at(cronJob, "status", "active"))),
                new Column("Last Schedule", "string", "", "When the last job was made.", 0, CronJobKind::last),
                Columns.age(),
                Columns.containers("spec", "jobTemplate", "spec", "template"),
                Columns.images("spec", "jobTemplate", "spec", "template"),
                Columns.wide(
                        "Selector",
                        "Labels that the pods have.",
                        cronJob -> Selectors.format(Tree.at(cronJob, "spec", "jobTemplate", "spec", "selector"))));
    }

    private static String suspended(ObjectNode cronJob) {
        return Tree.isTrue(cronJob, "spec", "suspend") ? "True" : "False";
    }

    private static String last(ObjectNode cronJob, Instant now) {
        String time = Tree.text(cronJob, "status", "lastScheduleTime");
        return time.isEmpty() ? Columns.NONE : Columns.since(time, now);
    }
}
