package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.Meta;
import dev.keelson.apiserver.registry.NameRule;
import dev.keelson.apiserver.registry.pod.TemplateRules;
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
    private static final List<String> SCHEDULING =
            List.of("nodeSelector", "affinity", "tolerations", "schedulingGates");
    private static final int MOST_PARALLEL_INDEXES = 100_000;
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
        boolean manual = Tree.isTrue(spec, "manualSelector");
        JsonNode wanted = manual
                ? labels
                : job.objectNode().put(JobKind.UID_LABEL, Meta.uid(job)).put(JobKind.NAME_LABEL, Meta.name(job));
        try {
            boolean matches = LabelSelector.fromObject(selector).matches(wanted);
            if (!matches && manual) {
                problems.invalidShown("spec.template.metadata.labels", GoSyntax.texts(labels), TemplateRules.MISMATCH);
            } else if (!matches) {
                problems.invalidShown(
                        "spec.selector", GoSyntax.labelSelector(selector), "`selector` not auto-generated");
            }
        } catch (SelectorException bad) {
            problems.invalidShown("spec.selector", GoSyntax.labelSelector(selector), bad.getMessage());
        }
    }

    /** The index of a pod is part of its host name, which must be a label: a longer name would never get its pods. */
    private static void podNames(ObjectNode job, Problems problems) {
        long completions = Tree.number(job, "spec", "completions").orElse(0L);
        if (!Tree.text(job, "spec", "completionMode").equals("Indexed") || completions <= 0) {
            return;
        }
        String last = Meta.name(job) + "-" + (completions - 1);
        if (NameRule.DNS_LABEL.problem(last).isPresent()) {
            problems.invalid(
                    "metadata.name", Meta.name(job), "will not able to create pod with invalid DNS label: " + last);
        }
    }

    /** @param path {@code spec}, or where the job stands in a CronJob */
    static void validateSpec(JsonNode spec, String path, Problems problems) {
        COUNTS.forEach(field -> problems.notNegative(path + "." + field, spec.path(field)));
        problems.oneOf(path + ".completionMode", spec.path("completionMode"), List.of("Indexed", "NonIndexed"));
        problems.oneOf(
                path + ".podReplacementPolicy",
                spec.path("podReplacementPolicy"),
                List.of("Failed", "TerminatingOrFailed"));
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
        if (Tree.has(spec, "completions")
                && most.asLong() > spec.path("completions").asLong()) {
            problems.invalid(path + ".maxFailedIndexes", most, "must be less than or equal to completions");
        }
    }

    /** Whoever else runs the job instead of the job controller. */
    private static void managedBy(JsonNode manager, String path, Problems problems) {
        if (!manager.isTextual()) {
            return;
        }
        String name = manager.textValue();
        int slash = name.indexOf('/');
        if (name.length() > LONGEST_MANAGER) {
            problems.tooLong(path, LONGEST_MANAGER);
        } else if (slash <= 0
                || slash == name.length() - 1
                || NameRule.DNS_SUBDOMAIN.problem(name.substring(0, slash)).isPresent()) {
            problems.invalid(path, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        }
    }

    private static void restart(JsonNode spec, String path, Problems problems) {
        JsonNode policy = Tree.at(spec, "template", "spec", "restartPolicy");
        String field = path + ".template.spec.restartPolicy";
        if (!List.of("OnFailure", "Never").contains(policy.asText())) {
            problems.required(field, "valid values: \"OnFailure\", \"Never\"");
        } else if (spec.path("podFailurePolicy").isObject() && !policy.asText().equals("Never")) {
            problems.invalid(field, policy, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    static void validateChange(ObjectNode updated, ObjectNode old, Problems problems) {
        JsonNode after = updated.path("spec");
        JsonNode before = old.path("spec");
        SETTLED.forEach(field -> problems.immutable("spec." + field, after.path(field), before.path(field)));
        problems.immutableSelector("spec.selector", after.path("selector"), before.path("selector"));
        boolean elastic = Tree.text(before, "completionMode").equals("Indexed")
                && after.path("completions").equals(after.path("parallelism"));
        if (!elastic) {
            problems.immutable("spec.completions", after.path("completions"), before.path("completions"));
        }
        boolean notStarted = Tree.isTrue(before, "suspend") && !Tree.has(old, "status", "startTime");
        JsonNode template = notStarted ? withoutScheduling(after.path("template")) : after.path("template");
        JsonNode settled = notStarted ? withoutScheduling(before.path("template")) : before.path("template");
        problems.immutable("spec.template", template, settled);
    }

    /** Where a suspended job's pods will run may still change: a queue in front of the scheduler decides that. */
    private static JsonNode withoutScheduling(JsonNode template) {
        JsonNode copy = template.deepCopy();
        Tree.object(copy, "metadata").ifPresent(metadata -> metadata.remove(List.of("labels", "annotations")));
        Tree.object(copy, "spec").ifPresent(spec -> spec.remove(SCHEDULING));
        return copy;
    }
}
