package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.pod.TemplateRules;
import dev.keelson.apiserver.registry.rules.DomainPaths;
import dev.keelson.apiserver.registry.rules.GoSyntax;
import dev.keelson.apiserver.registry.rules.LabelRules;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.selector.LabelSelector;
import dev.keelson.apiserver.selector.SelectorException;
import java.util.List;

/** What a valid Job is, and what of it is settled once it exists (Kubernetes' {@code batch/validation}). */
final class JobRules {
    private static final List<String> COUNTS = List.of(
            "parallelism",
            "completions",
            "activeDeadlineSeconds",
            "backoffLimit",
            "backoffLimitPerIndex",
            "maxFailedIndexes",
            "ttlSecondsAfterFinished");
    private static final List<String> SETTLED =
            List.of("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy");
    private static final List<String> SCHEDULING = List.of("nodeSelector", "tolerations", "schedulingGates");
    private static final int MOST_PARALLEL_INDEXES = 100_000;
    private static final int MOST_OF_MANY_INDEXES = 10_000;
    private static final List<String> RESTARTS = List.of("OnFailure", "Never");
    private static final int LONGEST_MANAGER = 63;

    private JobRules() {}

    static void validateJob(ObjectNode job, Problems problems) {
        JsonNode spec = job.path("spec");
        validateSpec(spec, "spec", problems);
        podNames(job, problems);
        JsonNode selector = spec.path("selector");
        if (!selector.isObject()) {
            problems.required("spec.selector", "");
            return;
        }
        LabelRules.selector(selector, "spec.selector", problems);
        JsonNode labels = Tree.at(spec, "template", "metadata", "labels");
        if (!Tree.isTrue(spec, "manualSelector")) {
            ownLabels(job, labels, problems);
        }
        try {
            LabelSelector wanted = LabelSelector.fromObject(selector);
            if (!wanted.matches(labels)) {
                problems.invalidShown("spec.template.metadata.labels", GoSyntax.texts(labels), TemplateRules.MISMATCH);
            }
            if (!Tree.isTrue(spec, "manualSelector") && !wanted.matches(JobKind.labelsOf(job))) {
                problems.invalidShown(
                        "spec.selector", GoSyntax.labelSelector(selector), "`selector` not auto-generated");
            }
        } catch (SelectorException bad) {
            problems.invalidShown("spec.selector", GoSyntax.labelSelector(selector), bad.getMessage());
        }
    }

    /** By these labels the job finds its pods: those of another job, in a copy of it, would find that one's. */
    private static void ownLabels(ObjectNode job, JsonNode labels, Problems problems) {
        JobKind.labelsOf(job).properties().forEach(label -> {
            String field = "spec.template.metadata.labels[" + label.getKey() + "]";
            String words = "must be '" + label.getValue().asText() + "'";
            if (!labels.has(label.getKey())) {
                problems.required(field, words);
            } else if (!labels.path(label.getKey()).equals(label.getValue())) {
                problems.invalidShown(field, GoSyntax.texts(labels), words);
            }
        });
    }

    /** The index of a pod is part of its host name, which must be a label: a longer name would never get its pods. */
    private static void podNames(ObjectNode job, Problems problems) {
        long completions = Tree.number(job, "spec", "completions").orElse(0L);
        if (!Tree.text(job, "spec", "completionMode").equals("Indexed") || completions <= 0) {
            return;
        }
        String last = Meta.name(job) + "-" + (completions - 1);
        if (!NameRule.DNS_LABEL.problems(last).isEmpty()) {
            problems.invalid(
                    "metadata.name", Meta.name(job), "will not able to create pod with invalid DNS label: " + last);
        }
    }

    /** @param path {@code spec}, or where the job stands in a CronJob */
    static void validateSpec(JsonNode spec, String path, Problems problems) {
        COUNTS.forEach(field -> problems.notNegative(path + "." + field, spec.path(field)));
        problems.oneOf(path + ".completionMode", spec.path("completionMode"), List.of("NonIndexed", "Indexed"));
        problems.oneOf(
                path + ".podReplacementPolicy",
                spec.path("podReplacementPolicy"),
                spec.path("podFailurePolicy").isObject()
                        ? List.of("Failed")
                        : List.of("Failed", "TerminatingOrFailed"));
        if (Tree.text(spec, "completionMode").equals("Indexed")) {
            if (!Tree.has(spec, "completions")) {
                problems.required(path + ".completions", "when completion mode is Indexed");
            }
            if (spec.path("parallelism").asLong(0) > MOST_PARALLEL_INDEXES) {
                problems.invalid(
                        path + ".parallelism",
                        spec.path("parallelism"),
                        "must be less than or equal to 100000 when completion mode is Indexed");
            }
            manyIndexes(spec, path, problems);
        } else {
            for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                if (Tree.has(spec, field)) {
                    problems.invalid(path + "." + field, spec.path(field), "requires indexed completion mode");
                }
            }
        }
        FailurePolicyRules.validate(spec, path, problems);
        SuccessPolicyRules.validate(spec, path, problems);
        failedIndexes(spec, path, problems);
        managedBy(spec.path("managedBy"), path + ".managedBy", problems);
        JsonNode template = spec.path("template");
        TemplateRules.validate(template, path + ".template", problems);
        if (template.isObject()) {
            restart(spec, path, problems);
        }
    }

    private static void failedIndexes(JsonNode spec, String path, Problems problems) {
        JsonNode most = spec.path("maxFailedIndexes");
        if (!Tree.has(most)) {
            return;
        }
        if (!Tree.has(spec, "backoffLimitPerIndex")) {
            problems.required(path + ".backoffLimitPerIndex", "when maxFailedIndexes is specified");
        }
        if (!Tree.text(spec, "completionMode").equals("Indexed")) {
            return;
        }
        if (Tree.has(spec, "completions")
                && most.asLong() > spec.path("completions").asLong()) {
            problems.invalid(path + ".maxFailedIndexes", most, "must be less than or equal to completions");
        }
        if (most.asLong() > MOST_PARALLEL_INDEXES) {
            problems.invalid(
                    path + ".maxFailedIndexes", most, "must be less than or equal to " + MOST_PARALLEL_INDEXES);
        }
    }

    /** The status of a job names each index that failed, which must stay short. */
    private static void manyIndexes(JsonNode spec, String path, Problems problems) {
        boolean many = spec.path("completions").asLong(0) > MOST_PARALLEL_INDEXES;
        if (!many || !Tree.has(spec, "backoffLimitPerIndex")) {
            return;
        }
        if (!Tree.has(spec, "maxFailedIndexes")) {
            problems.required(
                    path + ".maxFailedIndexes", "must be specified when completions is above " + MOST_PARALLEL_INDEXES);
        }
        for (String field : List.of("parallelism", "maxFailedIndexes")) {
            if (spec.path(field).asLong(0) > MOST_OF_MANY_INDEXES) {
                problems.invalid(
                        path + "." + field,
                        spec.path(field),
                        "must be less than or equal to %d when completions are above %d and used with backoff limit per index"
                                .formatted(MOST_OF_MANY_INDEXES, MOST_PARALLEL_INDEXES));
            }
        }
    }

    /** Whoever else runs the job instead of the job controller. */
    private static void managedBy(JsonNode manager, String path, Problems problems) {
        if (!manager.isTextual()) {
            return;
        }
        DomainPaths.check(manager.textValue(), path, problems);
        if (manager.textValue().length() > LONGEST_MANAGER) {
            problems.tooLong(path, LONGEST_MANAGER);
        }
    }

    private static void restart(JsonNode spec, String path, Problems problems) {
        JsonNode policy = Tree.at(spec, "template", "spec", "restartPolicy");
        String field = path + ".template.spec.restartPolicy";
        if (policy.asText("Always").equals("Always")) {
            problems.required(field, "valid values: \"OnFailure\", \"Never\"");
        } else if (!RESTARTS.contains(policy.asText())) {
            problems.notSupported(field, policy, RESTARTS);
        } else if (spec.path("podFailurePolicy").isObject() && !policy.asText().equals("Never")) {
            problems.invalid(field, policy, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode after = updated.path("spec");
        JsonNode before = old.path("spec");
        SETTLED.forEach(field -> problems.immutable("spec." + field, after.path(field), before.path(field)));
        problems.immutableSelector("spec.selector", after.path("selector"), before.path("selector"));
        completions(after, before, problems);
        boolean notStarted = Tree.isTrue(before, "suspend") && !Tree.has(old, "status", "startTime");
        JsonNode template = notStarted ? withoutScheduling(after.path("template")) : after.path("template");
        JsonNode settled = notStarted ? withoutScheduling(before.path("template")) : before.path("template");
        problems.immutable("spec.template", template, settled);
    }

    /** Indexes may be added and taken away where each has its pod at once. */
    private static void completions(JsonNode after, JsonNode before, Problems problems) {
        JsonNode count = after.path("completions");
        if (!Tree.text(after, "completionMode").equals("Indexed")) {
            problems.immutable("spec.completions", count, before.path("completions"));
        } else if (Tree.has(count)
                && !count.equals(before.path("completions"))
                && !count.equals(after.path("parallelism"))) {
            problems.invalid("spec.completions", count, "can only be modified in tandem with spec.parallelism");
        }
    }

    /** Where a suspended job's pods will run may still change: a queue in front of the scheduler decides that. */
    private static JsonNode withoutScheduling(JsonNode template) {
        JsonNode copy = template.deepCopy();
        Tree.object(copy, "metadata").ifPresent(metadata -> metadata.remove(List.of("labels", "annotations")));
        Tree.object(copy, "spec").ifPresent(spec -> spec.remove(SCHEDULING));
        Tree.object(copy, "spec", "affinity").ifPresent(affinity -> affinity.remove("nodeAffinity"));
        return copy;
    }
}
