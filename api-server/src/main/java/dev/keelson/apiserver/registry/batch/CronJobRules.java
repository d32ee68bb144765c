package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.ZoneId;
import java.util.List;

/** What a valid CronJob is (Kubernetes' {@code batch/validation}). */
final class CronJobRules {
    private static final List<String> POLICIES = List.of("Allow", "Forbid", "Replace");
    /** The names of its jobs are its own name with eleven characters of time. */
    private static final int LONGEST_NAME = 52;

    private CronJobRules() {}

    static void validateName(ObjectNode cronJob, Problems problems) {
        if (Meta.name(cronJob).length() > LONGEST_NAME) {
            problems.invalid("metadata.name", Meta.name(cronJob), "must be no more than 52 characters");
        }
    }

    static void validate(ObjectNode cronJob, Problems problems) {
        JsonNode spec = cronJob.path("spec");
        if (problems.requireText("spec", spec, "schedule", "")) {
            schedule(spec, problems);
        }
        timeZone(spec.path("timeZone"), problems);
        problems.oneOf("spec.concurrencyPolicy", spec.path("concurrencyPolicy"), POLICIES);
        for (String field :
                List.of("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")) {
            problems.notNegative("spec." + field, spec.path(field));
        }
        JsonNode job = Tree.at(spec, "jobTemplate", "spec");
        String path = "spec.jobTemplate.spec";
        JobRules.validateSpec(job, path, problems);
        if (Tree.isTrue(job, "manualSelector")) {
            problems.notSupported(path + ".manualSelector", job.path("manualSelector"), List.of("nil", "false"));
        }
        if (job.path("selector").isObject()) {
            problems.invalidShown(
                    path + ".selector",
                    GoSyntax.labelSelector(job.path("selector")),
                    "`selector` will be auto-generated");
        }
    }

    private static void schedule(JsonNode spec, Problems problems) {
        JsonNode schedule = spec.path("schedule");
        String text = schedule.asText();
        if (text.contains("TZ")) {
            problems.invalid(
                    "spec.schedule", schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            return;
        }
        CronSyntax.problem(text).ifPresent(words -> problems.invalid("spec.schedule", schedule, words));
    }

    private static void timeZone(JsonNode zone, Problems problems) {
        if (!zone.isTextual()) {
            return;
        }
        String name = zone.textValue();
        if (name.isEmpty()) {
            problems.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string");
        } else if (name.equalsIgnoreCase("Local")) {
            problems.invalid(
                    "spec.timeZone",
                    zone,
                    "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        } else if (!ZoneId.getAvailableZoneIds().contains(name)) {
            problems.invalid("spec.timeZone", zone, "unknown time zone " + name);
        }
    }
}
