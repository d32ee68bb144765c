package dev.keelson.apiserver.registry.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keelson.apiserver.registry.rules.Problems;
import dev.keelson.apiserver.registry.rules.Tree;

/** What a valid {@code successPolicy} of a Job is (batch/validation's {@code validateSuccessPolicy}). */
final class SuccessPolicyRules {
    private static final int MOST_RULES = 20;
    private static final int LONGEST_INDEXES = 64 * 1024;

    private SuccessPolicyRules() {}

    /** @param path of the job's spec */
    static void validate(JsonNode spec, String path, Problems problems) {
        JsonNode policy = spec.path("successPolicy");
        if (!policy.isObject()) {
            return;
        }
        if (!Tree.text(spec, "completionMode").equals("Indexed")) {
            problems.invalid(path + ".successPolicy", policy, "requires indexed completion mode");
            return;
        }
        String at = path + ".successPolicy.rules";
        JsonNode rules = policy.path("rules");
        if (rules.isEmpty()) {
            problems.required(at, "at least one rules must be specified when the successPolicy is specified");
        } else if (rules.size() > MOST_RULES) {
            problems.tooMany(at, rules.size(), MOST_RULES);
        }
        long completions = spec.path("completions").asLong(0);
        Tree.items(rules, at).forEach(item -> rule(item, completions, problems));
    }

    private static void rule(Tree.Item item, long completions, Problems problems) {
        JsonNode count = item.value().path("succeededCount");
        JsonNode indexes = item.value().path("succeededIndexes");
        if (!Tree.has(count) && !Tree.has(indexes)) {
            problems.required(item.path(), "at least one of succeededCount or succeededIndexes must be specified");
        }
        long named = indexes.isTextual()
                ? indexes(indexes, completions, item.path() + ".succeededIndexes", problems)
                : Long.MAX_VALUE;
        if (Tree.has(count)) {
            count(count, completions, named, item.path() + ".succeededCount", problems);
        }
    }

    private static void count(JsonNode count, long completions, long named, String path, Problems problems) {
        problems.notNegative(path, count);
        if (count.asLong() > completions) {
            problems.invalid(
                    path,
                    count,
                    "must be less than or equal to %d (the number of specified completions)".formatted(completions));
        }
        if (count.asLong() > named) {
            problems.invalid(
                    path,
                    count,
                    "must be less than or equal to %d (the number of indexes in the specified succeededIndexes field)"
                            .formatted(named));
        }
    }

    /** Answers how many there are. */
    private static long indexes(JsonNode indexes, long completions, String path, Problems problems) {
        if (indexes.textValue().length() > LONGEST_INDEXES) {
            problems.tooLong(path, LONGEST_INDEXES);
        }
        try {
            return IndexIntervals.count(indexes.textValue(), completions);
        } catch (IllegalArgumentException bad) {
            problems.invalid(path, indexes, "error parsing succeededIndexes: " + bad.getMessage());
            return 0;
        }
    }
}
