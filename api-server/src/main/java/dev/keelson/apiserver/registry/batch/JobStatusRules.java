package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.print.Columns;
import dev.keelson.apiserver.registry.rules.Conditions;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.StatusRules;
import dev.keelson.apiserver.registry.rules.Tree;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the status of a Job may become (batch/validation's {@code ValidateJobStatusUpdate}). Most is asked only of what
 * changes: whoever runs a job must be able to go on from a status that somebody else has written.
 */
final class JobStatusRules {
    private static final List<String> COUNTS = List.of("active", "succeeded", "failed", "ready", "terminating");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'").withZone(ZoneOffset.UTC);
    private static final String CONDITIONS = "status.conditions";

    private final ObjectNode job;
    private final ObjectNode now;
    private final ObjectNode then;
    private final JsonNode spec;
    private final Problems problems;

    private JobStatusRules(ObjectNode job, ObjectNode old, Problems problems) {
        this.job = job;
        this.now = status(job);
        this.then = status(old);
        this.spec = job.path("spec");
        this.problems = problems;
    }

    static void validate(ObjectNode job, ObjectNode old, Problems problems) {
        JobStatusRules rules = new JobStatusRules(job, old, problems);
        StatusRules.counts(job, COUNTS, problems);
        rules.uncounted();
        rules.contradictions();
        rules.times();
        rules.finished();
        rules.indexes();
        rules.success();
        rules.past();
    }

    private static ObjectNode status(ObjectNode job) {
        return Tree.object(job, "status").orElseGet(job::objectNode);
    }

    private static Optional<Instant> instant(JsonNode time) {
        return Columns.instant(time.asText(""));
    }

    /** As Go shows one. */
    private static String shown(JsonNode time) {
        return instant(time).map(TIME::format).orElse("");
    }

    private static boolean holds(ObjectNode status, String type) {
        return Conditions.holds(status, type);
    }

    private static boolean isFinished(ObjectNode status) {
        return holds(status, "Complete") || holds(status, "Failed");
    }

    private boolean turned(String... types) {
        return List.of(types).stream().anyMatch(type -> holds(now, type) != holds(then, type));
    }

    private boolean changed(String... fields) {
        return List.of(fields).stream().anyMatch(field -> !same(now.path(field), then.path(field)));
    }

    private static boolean same(JsonNode left, JsonNode right) {
        return left.isNumber() || right.isNumber() ? left.asLong(0) == right.asLong(0) : Tree.same(left, right);
    }

    private void conditions(String words) {
        problems.invalidShown(CONDITIONS, "", words);
    }

    /** Pods that have ended and are not counted yet, each once. */
    private void uncounted() {
        Set<String> seen = new HashSet<>();
        for (String list : List.of("succeeded", "failed")) {
            String path = "status.uncountedTerminatedPods." + list;
            Tree.items(Tree.at(now, "uncountedTerminatedPods", list), path).forEach(item -> {
                if (item.value().asText().isEmpty()) {
                    problems.invalid(item.path(), item.value(), "must not be empty");
                } else if (!seen.add(item.value().asText())) {
                    problems.duplicate(item.path(), item.value());
                }
            });
        }
    }

    private void contradictions() {
        boolean complete = holds(now, "Complete");
        if (complete && holds(now, "Failed") && turned("Complete", "Failed")) {
            conditions("cannot set Complete=True and Failed=true conditions");
        }
        if (complete && holds(now, "FailureTarget") && turned("Complete", "FailureTarget")) {
            conditions("cannot set Complete=True and FailureTarget=true conditions");
        }
    }

    private void times() {
        JsonNode end = now.path("completionTime");
        boolean complete = holds(now, "Complete");
        if (changed("completionTime") || turned("Complete")) {
            if (Tree.has(end) && !complete) {
                problems.invalidShown(
                        "status.completionTime",
                        shown(end),
                        "cannot set completionTime when there is no Complete=True condition");
            }
            if (!Tree.has(end) && complete) {
                problems.required("status.completionTime", "completionTime is required for Complete jobs");
            }
        }
        boolean tooEarly = instant(end)
                .flatMap(ended -> instant(now.path("startTime")).map(ended::isBefore))
                .orElse(false);
        if (tooEarly && changed("startTime", "completionTime")) {
            problems.invalidShown("status.completionTime", shown(end), "completionTime cannot be set before startTime");
        }
        boolean failed = turned("Failed") || changed("failedIndexes");
        if (failed && holds(now, "Failed") && !holds(now, "FailureTarget")) {
            conditions("cannot set Failed=True condition without the FailureTarget=true condition");
        }
        if (turned("Complete", "SuccessCriteriaMet") && complete && !holds(now, "SuccessCriteriaMet")) {
            conditions("cannot set Complete=True condition without the SuccessCriteriaMet=true condition");
        }
    }

    private void finished() {
        boolean turned = isFinished(now) != isFinished(then);
        if (!isFinished(now)) {
            return;
        }
        if (StatusRules.count(job, "active") > 0 && (turned || changed("active"))) {
            problems.invalid("status.active", now.path("active"), "active>0 is invalid for finished job");
        }
        if (!Tree.has(now, "startTime") && (turned || changed("startTime"))) {
            problems.required("status.startTime", "startTime is required for finished job");
        }
        JsonNode uncounted = now.path("uncountedTerminatedPods");
        boolean some = !uncounted.path("succeeded").isEmpty()
                || !uncounted.path("failed").isEmpty();
        if (some && (turned || changed("uncountedTerminatedPods"))) {
            problems.invalidShown(
                    "status.uncountedTerminatedPods",
                    "batch.UncountedTerminatedPods{Succeeded:%s, Failed:%s}"
                            .formatted(
                                    GoSyntax.list(uncounted.path("succeeded"), "types.UID"),
                                    GoSyntax.list(uncounted.path("failed"), "types.UID")),
                    "uncountedTerminatedPods needs to be empty for finished job");
        }
    }

    private void indexes() {
        String completed = Tree.text(now, "completedIndexes");
        JsonNode failed = now.path("failedIndexes");
        boolean completedChanged = !completed.equals(Tree.text(then, "completedIndexes"));
        boolean failedChanged = !failed.equals(then.path("failedIndexes"));
        boolean counted = Tree.has(spec, "completions");
        boolean perIndex = Tree.has(spec, "backoffLimitPerIndex");
        boolean indexed = Tree.text(spec, "completionMode").equals("Indexed");
        if (completedChanged && counted) {
            parsed(now.path("completedIndexes"), "completedIndexes");
        }
        if (failedChanged && counted && perIndex) {
            parsed(failed, "failedIndexes");
        }
        if (completedChanged && !completed.isEmpty() && !indexed) {
            problems.invalid(
                    "status.completedIndexes",
                    completed,
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (failedChanged && failed.isTextual() && !perIndex) {
            problems.invalid(
                    "status.failedIndexes",
                    failed,
                    "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if ((failedChanged || completedChanged) && counted && failed.isTextual()) {
            IndexIntervals.overlap(
                            completed,
                            failed.textValue(),
                            spec.path("completions").asLong())
                    .ifPresent(index -> problems.invalid(
                            "status.failedIndexes",
                            failed,
                            "failedIndexes and completedIndexes overlap at index: " + index));
        }
        pods();
    }

    private void parsed(JsonNode indexes, String field) {
        try {
            IndexIntervals.count(indexes.asText(""), spec.path("completions").asLong());
        } catch (IllegalArgumentException wrong) {
            problems.invalid("status." + field, indexes, "error parsing %s: %s".formatted(field, wrong.getMessage()));
        }
    }

    private void pods() {
        boolean turned = isFinished(now) != isFinished(then);
        if (isFinished(now) && StatusRules.count(job, "terminating") > 0 && (turned || changed("terminating"))) {
            problems.invalid(
                    "status.terminating", now.path("terminating"), "terminating>0 is invalid for finished job");
        }
        if (changed("ready", "active")) {
            StatusRules.notAbove(job, "ready", "active", "cannot set more ready pods than active", problems);
        }
    }

    private void success() {
        boolean met = holds(now, "SuccessCriteriaMet");
        if (met && holds(now, "Failed")) {
            conditions("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if (met && holds(now, "FailureTarget")) {
            conditions("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        }
        if (spec.path("successPolicy").isObject() && !met && holds(now, "Complete")) {
            conditions("cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        }
    }

    /** What has happened has happened. */
    private void past() {
        Predicate<String> disabled = type -> holds(then, type) && !holds(now, type);
        for (String type : List.of("Failed", "Complete", "FailureTarget")) {
            if (disabled.test(type)) {
                conditions("cannot disable the terminal " + type + "=True condition");
            }
        }
        decreasing("failed");
        // Jobs whose indexes all run at once may get fewer of them.
        if (!Tree.text(spec, "completionMode").equals("Indexed")
                || !spec.path("completions").equals(spec.path("parallelism"))) {
            decreasing("succeeded");
        }
        if (Tree.has(now, "completionTime") && Tree.has(then, "completionTime") && changed("completionTime")) {
            problems.invalidShown(
                    "status.completionTime", shown(now.path("completionTime")), "completionTime cannot be mutated");
        }
        if (Tree.has(then, "startTime") && changed("startTime") && !Tree.isTrue(spec, "suspend")) {
            problems.required("status.startTime", "startTime cannot be removed for unsuspended job");
        }
        if (disabled.test("SuccessCriteriaMet")) {
            conditions("cannot disable the SuccessCriteriaMet=True condition");
        }
        if (holds(then, "Complete") && !holds(then, "SuccessCriteriaMet") && holds(now, "SuccessCriteriaMet")) {
            conditions("cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
        }
    }

    private void decreasing(String counter) {
        long count = StatusRules.count(job, counter);
        if (count < Tree.number(then, counter).orElse(0L)) {
            problems.invalidShown(
                    "status." + counter, Long.toString(count), "cannot decrease the " + counter + " counter");
        }
    }
}
