package dev.keelson.apiserver.registry.warnings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keelson.apiserver.registry.rules.KindRules.Advice;
import dev.keelson.apiserver.registry.rules.Tree;
import dev.keelson.apiserver.registry.rules.Warnings;
import java.util.Optional;

/** Kinds that make pods: told of what their template would be told of, when what they want has changed. */
public final class WorkloadWarnings {
    private static final long MANY_COMPLETIONS = 100_000;
    private static final long MANY_AT_ONCE = 10_000;

    private WorkloadWarnings() {}

    /** @param path of the template as warnings name it */
    public static Advice templateAt(String path) {
        return (object, old, warnings) -> {
            if (wantsOther(object, old)) {
                PodWarnings.template(Tree.at(object, "spec", "template"), path, warnings);
            }
        };
    }

    /** Of a kind whose name becomes part of its pods' names. */
    public static void namesPods(ObjectNode object, Optional<ObjectNode> old, Warnings warnings) {
        if (old.isEmpty()) {
            PodWarnings.hostname(object, "Pod names and hostnames", warnings);
        }
    }

    /** Of a StatefulSet, which makes claims too. */
    public static void statefulSet(ObjectNode set, Optional<ObjectNode> old, Warnings warnings) {
        if (!wantsOther(set, old)) {
            return;
        }
        JsonNode spec = set.path("spec");
        PodWarnings.template(spec.path("template"), "spec.template", warnings);
        // On a change, Kubernetes puts "Spec" behind the index.
        String part = old.isEmpty() ? "" : ".Spec";
        Tree.items(spec.path("volumeClaimTemplates"), "spec.volumeClaimTemplates")
                .forEach(item -> VolumeWarnings.claimSpec(item.value().path("spec"), item.path() + part, warnings));
        if (Tree.number(spec, "revisionHistoryLimit").orElse(0L) < 0) {
            warnings.add(
                    "spec.revisionHistoryLimit",
                    "a negative value retains all historical revisions; a value >= 0 is recommended");
        }
    }

    /** Of a Job. */
    public static void job(ObjectNode job, Optional<ObjectNode> old, Warnings warnings) {
        jobSpec(job, job.path("spec"), "spec", old, warnings);
    }

    /** Of the Jobs that a CronJob makes. */
    public static void cronJob(ObjectNode cronJob, Optional<ObjectNode> old, Warnings warnings) {
        jobSpec(cronJob, Tree.at(cronJob, "spec", "jobTemplate", "spec"), "spec.jobTemplate.spec", old, warnings);
    }

    private static void jobSpec(
            ObjectNode object, JsonNode spec, String path, Optional<ObjectNode> old, Warnings warnings) {
        if (!wantsOther(object, old)) {
            return;
        }
        boolean large = Tree.text(spec, "completionMode").equals("Indexed")
                && Tree.number(spec, "completions").orElse(0L) > MANY_COMPLETIONS
                && Tree.number(spec, "parallelism").orElse(0L) > MANY_AT_ONCE;
        if (large) {
            warnings.add(
                    path,
                    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4,"
                            + " Kubernetes might not be able to track completedIndexes when a big number of indexes"
                            + " fail");
        }
        PodWarnings.template(spec.path("template"), path + ".template", warnings);
    }

    private static boolean wantsOther(ObjectNode object, Optional<ObjectNode> old) {
        return old.isEmpty()
                || !Tree.number(object, "metadata", "generation")
                        .equals(Tree.number(old.get(), "metadata", "generation"));
    }
}
