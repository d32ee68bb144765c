package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Column;
import dev.keelson.apiserver.registry.Declaration;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.ResourceDefinition;
import dev.keelson.apiserver.registry.ResourceDefinition.Subresource;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.print.HumanDuration;
import dev.keelson.apiserver.registry.rules.KindRules;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.warnings.WorkloadWarnings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The declaration of Jobs. */
final class JobKind {
    static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
    static final String NAME_LABEL = "batch.kubernetes.io/job-name";

    private JobKind() {}

    static ResourceDefinition definition() {
        return Declaration.namespaced("batch/v1", "Job", "jobs")
                .categories("all")
                .subresources(Subresource.STATUS)
                .columns(columns())
                .selectable("status.successful")
                .with(KindRules.withStatus()
                        .counting("spec")
                        .defaulting(JobKind::complete)
                        .creating(JobKind::select)
                        .checking(JobRules::validateJob)
                        .checkingChange(JobRules::validateChange)
                        .checkingStatus(JobStatusRules::validate)
                        .advising(WorkloadWarnings::namesPods)
                        .advising(WorkloadWarnings::job));
    }

    private static void complete(ObjectNode job) {
        ObjectNode spec = Tree.child(job, "spec");
        if (!Tree.has(spec, "parallelism") && !Tree.has(spec, "completions")) {
            spec.put("completions", 1);
        }
        Tree.setDefault(spec, "parallelism", 1);
        Tree.setDefault(spec, "backoffLimit", Tree.has(spec, "backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
        Tree.setDefault(spec, "completionMode", "NonIndexed");
        Tree.setDefault(spec, "suspend", false);
        boolean judged = spec.path("podFailurePolicy").isObject();
        Tree.setDefault(spec, "podReplacementPolicy", judged ? "Failed" : "TerminatingOrFailed");
        for (ObjectNode rule : Tree.objects(spec, "podFailurePolicy", "rules")) {
            Tree.objects(rule, "onPodConditions").forEach(pattern -> Tree.setDefault(pattern, "status", "True"));
        }
        TemplateRules.complete(spec);
        labelLikeItsPods(job);
    }

    private static void labelLikeItsPods(ObjectNode job) {
        Tree.object(job, "spec", "template", "metadata", "labels").ifPresent(labels -> {
            ObjectNode metadata = Tree.child(job, "metadata");
            if (metadata.path("labels").isEmpty()) {
                metadata.set("labels", labels.deepCopy());
            }
        });
    }

    /** Unless somebody insists, a job finds its pods by its own uid, which nobody else's pods can have. */
    private static void select(ObjectNode job) {
        ObjectNode spec = Tree.child(job, "spec");
        if (Tree.isTrue(spec, "manualSelector") || !spec.path("template").isObject()) {
            return;
        }
        ObjectNode labels = Tree.child(Tree.child(Tree.child(spec, "template"), "metadata"), "labels");
        // What somebody else has put there is not replaced: it is judged.
        labelsOf(job)
                .properties()
                .forEach(label ->
                        Tree.setDefault(labels, label.getKey(), label.getValue().asText()));
        Tree.setDefault(Tree.child(Tree.child(spec, "selector"), "matchLabels"), UID_LABEL, Meta.uid(job));
        labelLikeItsPods(job);
    }

    /** Labels that no other job's pods have, in the names of today and in those of the past. */
    static ObjectNode labelsOf(ObjectNode job) {
        return job.objectNode()
                .put("controller-uid", Meta.uid(job))
                .put("job-name", Meta.name(job))
                .put(UID_LABEL, Meta.uid(job))
                .put(NAME_LABEL, Meta.name(job));
    }

    private static List<Column> columns() {
        return Stream.concat(
                        Stream.of(
                                Columns.text("Status", "Where it stands.", JobKind::status),
                                Columns.text(
                                        "Completions",
                                        "How many pods have succeeded, of how many wanted.",
                                        JobKind::completions),
                                new Column("Duration", "string", "", "How long it took so far.", 0, JobKind::duration),
                                Columns.age()),
                        Columns.template().stream())
                .toList();
    }

    private static String status(ObjectNode job) {
        List<String> conditions = Tree.objects(job, "status", "conditions").stream()
                .filter(condition -> Tree.text(condition, "status").equals("True"))
                .map(condition -> Tree.text(condition, "type"))
                .toList();
        for (String end : List.of("Complete", "Failed")) {
            if (conditions.contains(end)) {
                return end;
            }
        }
        if (Meta.deleting(job)) {
            return "Terminating";
        }
        return Stream.of("Suspended", "FailureTarget")
                .filter(conditions::contains)
                .findFirst()
                .orElse("Running");
    }

    private static String completions(ObjectNode job) {
        long succeeded = Tree.number(job, "status", "succeeded").orElse(0L);
        Optional<Long> wanted = Tree.number(job, "spec", "completions");
        if (wanted.isPresent()) {
            return succeeded + "/" + wanted.get();
        }
        long parallel = Tree.number(job, "spec", "parallelism").orElse(0L);
        return parallel > 1 ? succeeded + "/1 of " + parallel : succeeded + "/1";
    }

    private static String duration(ObjectNode job, Instant now) {
        Instant end =
                Columns.instant(Tree.text(job, "status", "completionTime")).orElse(now);
        return Columns.instant(Tree.text(job, "status", "startTime"))
                .map(start -> HumanDuration.of(Duration.between(start, end)))
                .orElse("");
    }
}
